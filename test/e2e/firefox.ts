// Firefox with the add-on installed for one run and its real sidebar open, over Marionette: the remote protocol
// that Firefox speaks on a plain socket. WebDriver and its clients see no sidebar; the browser's own window does.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './until.ts'

export interface Sidebar {
  /** The add-on page that the sidebar shows. */
  address(): Promise<string>
  text(): Promise<string>
  click(selector: string): Promise<void>
  /** Types a value into a field, as its page would notice. */
  fill(selector: string, value: string): Promise<void>
  /** Runs in a privileged frame script where `content` is the sidebar's window; answers what it returns. */
  run(body: string): Promise<unknown>
}

export interface Firefox {
  openSidebar(): Promise<Sidebar>
  /** Errors that the add-on's own files reported to the browser console. */
  errors(): Promise<string[]>
  /** A picture of the whole window, the browser's own parts included. */
  picture(path: string): Promise<void>
  close(): Promise<void>
}

/** Why Firefox cannot be driven on this machine, or undefined. */
export function lacksFirefox(): string | undefined {
  return process.env.FIREFOX_PATH ? undefined : 'firefox-esr is not installed'
}

export async function launchFirefox(extension: string): Promise<Firefox> {
  const profile = mkdtempSync(join(tmpdir(), 'trailside-firefox-'))
  writeFileSync(join(profile, 'user.js'), preferences)
  const flags = ['--headless', '--marionette', '--remote-allow-system-access', '--no-remote']
  const args = [...flags, '--width=1280', '--height=800', '--profile', profile, 'about:blank']
  const child = spawn(process.env.FIREFOX_PATH || 'firefox-esr', args, { stdio: 'ignore' })
  const killChild = () => child.kill('SIGKILL')
  process.once('exit', killChild)
  try {
    const marionette = await Marionette.connect(await readPort(profile, child))
    await marionette.send('WebDriver:NewSession')
    await marionette.send('Addon:Install', { path: extension, temporary: true })
    // The window around the pages is where the sidebar is.
    await marionette.send('Marionette:SetContext', { value: 'chrome' })
    return {
      openSidebar: () => openSidebar(marionette),
      errors: async () => (await marionette.script(consoleErrors)) as string[],
      picture: async path => {
        const { value } = (await marionette.send('WebDriver:TakeScreenshot', { full: false })) as {
          value: string
        }
        writeFileSync(path, Buffer.from(value, 'base64'))
      },
      close: async () => {
        await marionette.send('Marionette:Quit', { flags: ['eForceQuit'] }).catch(() => undefined)
        marionette.close()
        const hasEnded = () => child.exitCode !== null || child.signalCode !== null || undefined
        await until('Firefox to end', hasEnded, 10_000).catch(killChild)
        process.removeListener('exit', killChild)
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
      },
    }
  } catch (error) {
    killChild()
    throw error
  }
}

const preferences = [
  ['marionette.port', 0],
  // Host permissions are granted as if the person had agreed to the prompt.
  ['extensions.webextOptionalPermissionPrompts', false],
  ['browser.shell.checkDefaultBrowser', false],
  ['browser.aboutwelcome.enabled', false],
  ['datareporting.policy.dataSubmissionEnabled', false],
  ['app.update.disabledForTesting', true],
]
  .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
  .join('')

const consoleErrors = `
  return Services.console.getMessageArray()
    .filter(each => each instanceof Ci.nsIScriptError && each.sourceName.startsWith('moz-extension:'))
    .filter(each => !(each.flags & Ci.nsIScriptError.warningFlag))
    .map(each => each.errorMessage)`

/** The page inside the sidebar; a frame script reaches into its process, which has no other way in. */
const sidebarBrowser = `document.getElementById('sidebar').contentDocument?.getElementById('webext-panels-browser')`

async function openSidebar(marionette: Marionette): Promise<Sidebar> {
  const registered = `return [...SidebarController.sidebars.keys()].find(id => id.endsWith('-sidebar-action'))`
  const id = await until('the sidebar to be registered', async () => {
    return ((await marionette.script(registered)) as string | null) ?? undefined
  })
  await marionette.script(`SidebarController.show(arguments[0])`, id)
  const address = async () =>
    (await marionette.script(`return ${sidebarBrowser}?.currentURI.spec`)) as string | null
  await until('the sidebar to open', async () => (await address())?.startsWith('moz-extension:') || undefined)
  const run = (body: string) => runInSidebar(marionette, body)
  const element = (selector: string) => `content.document.querySelector(${JSON.stringify(selector)})`
  return {
    address: async () => (await address()) ?? '',
    text: async () => (await run('return content.document.body.innerText')) as string,
    click: async selector => {
      // As a person's click, which a request for permissions must come from.
      await run(`const handling = content.windowUtils.setHandlingUserInput(true)
        try { ${element(selector)}.click() } finally { handling.destruct() }`)
    },
    fill: async (selector, value) => {
      await until(
        `${selector} in the sidebar`,
        async () => (await run(`return ${element(selector)} !== null`)) || undefined,
      )
      await run(`const field = ${element(selector)}
        field.value = ${JSON.stringify(value)}
        for (const name of ['input', 'change']) field.dispatchEvent(new content.Event(name, { bubbles: true }))`)
    },
    run,
  }
}

async function runInSidebar(marionette: Marionette, body: string): Promise<unknown> {
  const message = `trailside:${Math.random()}`
  const frameScript = `{
    let answer
    try { answer = { value: (() => { ${body} })() } } catch (error) { answer = { error: String(error) } }
    sendAsyncMessage(${JSON.stringify(message)}, answer)
  }`
  const answer = (await marionette.asyncScript(
    `const [message, code, done] = arguments
     const { messageManager } = ${sidebarBrowser}
     const listen = ({ data }) => { messageManager.removeMessageListener(message, listen); done(data) }
     messageManager.addMessageListener(message, listen)
     messageManager.loadFrameScript('data:,' + encodeURIComponent(code), false)`,
    message,
    frameScript,
  )) as { value?: unknown; error?: string }
  if (answer.error) throw new Error(answer.error)
  return answer.value
}

/** Firefox writes the port it chose into its profile. */
function readPort(profile: string, child: ChildProcess): Promise<number> {
  const file = join(profile, 'MarionetteActivePort')
  return until('Firefox to open its remote port', () => {
    if (child.exitCode !== null) throw new Error(`Firefox ended with ${child.exitCode} at its start`)
    return (existsSync(file) && Number(readFileSync(file, 'utf8'))) || undefined
  })
}

type Answer = [type: 1, id: number, error: { error: string; message: string } | null, result: unknown]

/** The protocol: JSON messages, each after its length in bytes and a colon; a greeting comes first. */
class Marionette {
  #socket: Socket
  #received = Buffer.alloc(0)
  #waiting = new Map<number, { done(result: unknown): void; failed(error: Error): void }>()
  #lastId = 0

  static async connect(port: number): Promise<Marionette> {
    const socket = connect(port, '127.0.0.1')
    await new Promise((done, failed) => socket.once('connect', done).once('error', failed))
    return new Marionette(socket)
  }

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', data => this.#receive(data))
    socket.on('close', () => {
      for (const { failed } of this.#waiting.values()) failed(new Error('Firefox closed the connection'))
    })
    socket.on('error', () => socket.destroy())
  }

  send(command: string, parameters: object = {}): Promise<unknown> {
    const id = ++this.#lastId
    const message = JSON.stringify([0, id, command, parameters])
    return new Promise((done, failed) => {
      this.#waiting.set(id, { done, failed })
      this.#socket.write(`${Buffer.byteLength(message)}:${message}`)
    })
  }

  async script(script: string, ...args: unknown[]): Promise<unknown> {
    return ((await this.send('WebDriver:ExecuteScript', { script, args })) as { value: unknown }).value
  }

  /** The script answers by calling its last argument. */
  async asyncScript(script: string, ...args: unknown[]): Promise<unknown> {
    return ((await this.send('WebDriver:ExecuteAsyncScript', { script, args })) as { value: unknown }).value
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(data: Buffer): void {
    this.#received = Buffer.concat([this.#received, data])
    for (;;) {
      const colon = this.#received.indexOf(':')
      const end = colon + 1 + Number(this.#received.subarray(0, Math.max(colon, 0)))
      if (colon < 0 || this.#received.length < end) return
      const message = JSON.parse(this.#received.subarray(colon + 1, end).toString())
      this.#received = this.#received.subarray(end)
      if (Array.isArray(message)) this.#answer(message as Answer)
    }
  }

  #answer([, id, error, result]: Answer): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error) waiting?.failed(new Error(`${error.error}: ${error.message}`))
    else waiting?.done(result)
  }
}
