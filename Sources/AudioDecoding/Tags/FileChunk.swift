/// A chunk of a file that its sound does without.
struct FileChunk: Hashable {
    var name: String
    /// Where its content is, as much of it as there is.
    var range: Range<Int64>

    /// Chunks of a file that are looked at for tags.
    static let most = 64

    /// Bytes of it that are read as text.
    var mostText: Int { min(range.count, TagText.mostBytes) }

    /// - Parameter size: Bytes in it, as its header says.
    init(_ name: String, at content: Int64, size: UInt64, in view: ByteView) {
        self.name = name
        let start = min(content, view.size)
        range = start..<start + min(Int64(clamping: size), view.size - start)
    }
}
