import { BlockList, isIP } from "node:net";

/** Reads "10.0.0.0/8, 127.0.0.1, fd00::/8". undefined: it is no such list. */
export function parseAddresses(text: string): BlockList | undefined {
  const list = new BlockList();
  for (const item of text.split(",").map(part => part.trim())) {
    const [address = "", bits, ...rest] = item.split("/");
    const version = isIP(address);
    const most = version === 4 ? 32 : 128;
    if (version === 0 || rest.length > 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most)))
      return undefined;
    list.addSubnet(address, bits === undefined ? most : Number(bits), version === 4 ? "ipv4" : "ipv6");
  }
  return list;
}

/** Whether the address of a connection is on the list; IPv4 in IPv6 counts as what it is. */
export function isListed(list: BlockList, address: string | undefined): boolean {
  const plain = (address ?? "").replace(/^::ffff:(?=\d+\.)/, "");
  const version = isIP(plain);
  return version !== 0 && list.check(plain, version === 4 ? "ipv4" : "ipv6");
}
