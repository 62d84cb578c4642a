import Platform
import SystemPackage
import TimbreWire

extension WirePath {
    package init(_ path: FilePath) { self.init(path.bytes) }

    /// The last part of the path.
    package var name: WirePath { WirePath(bytes.split(separator: UInt8(ascii: "/")).last ?? []) }
}
