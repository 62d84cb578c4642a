import TimbreWire

/// Where files are, as `ssh` and `rsync` take it: with the machine in front if it is another one's library that was asked.
extension SimilarResult {
    package var place: WirePath { WirePath(path, on: host) }
}

extension FileItem {
    package var place: WirePath { WirePath(path, on: host) }
}

extension DuplicateFile {
    package var place: WirePath { WirePath(path, on: host) }
}

extension WirePath {
    fileprivate init(_ path: WirePath, on host: String?) {
        self.init((host.map { Array($0.utf8) + [UInt8(ascii: ":")] } ?? []) + path.bytes)
    }
}
