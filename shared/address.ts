/** Network addresses and ranges, read by one library, so that `::1` and `10.0.0.0/8` mean the same everywhere. */
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6
export type AddressRange = { address: Address; bits: number }

function unmapped(address: Address): Address {
  return address.kind() === 'ipv6' && (address as ipaddr.IPv6).isIPv4MappedAddress()
    ? (address as ipaddr.IPv6).toIPv4Address()
    : address
}

/**
 * A single address or CIDR range; null where the text is neither. A single address is a range of itself,
 * and a range of IPv4-mapped IPv6 one of IPv4.
 */
export function parseAddressRange(text: string): AddressRange | null {
  const [base, bits, ...rest] = text.split('/')
  const address = parseAddress(base!)
  if (!address || rest.length) return null
  const longest = address.kind() === 'ipv4' ? 32 : 128
  if (bits === undefined) return { address, bits: longest }
  if (!/^\d{1,3}$/.test(bits)) return null
  const isMapped = longest === 32 && base!.includes(':')
  const length = Number(bits) - (isMapped ? 96 : 0)
  return length >= 0 && length <= longest ? { address, bits: length } : null
}

/** An IPv4 (four parts) or IPv6 address; IPv4-mapped IPv6 becomes IPv4. Null where the text is neither. */
export function parseAddress(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  return ipaddr.IPv6.isValid(text) ? unmapped(ipaddr.IPv6.parse(text)) : null
}

export function isInRange(address: Address, range: AddressRange): boolean {
  if (address.kind() !== range.address.kind()) return false
  return address.kind() === 'ipv4'
    ? (address as ipaddr.IPv4).match(range.address as ipaddr.IPv4, range.bits)
    : (address as ipaddr.IPv6).match(range.address as ipaddr.IPv6, range.bits)
}
