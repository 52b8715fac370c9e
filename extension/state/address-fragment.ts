/** The fragment of the panel's own address: nothing of it is ever sent anywhere. */

export interface AddressFragment {
  read(): URLSearchParams
  write(parameters: URLSearchParams): void
  /** Someone else changed it (back button, a pasted address). */
  onChange(listener: () => void): () => void
}

export function createAddressFragment(window: Window): AddressFragment {
  return {
    read: () => new URLSearchParams(window.location.hash.slice(1)),
    write(parameters) {
      const fragment = parameters.toString()
      if (fragment === window.location.hash.slice(1)) return
      // Replaced, not pushed: typing a phrase must not fill the history.
      window.history.replaceState(window.history.state, '', `#${fragment}`)
    },
    onChange(listener) {
      window.addEventListener('hashchange', listener)
      return () => window.removeEventListener('hashchange', listener)
    },
  }
}
