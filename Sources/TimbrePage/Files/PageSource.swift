import CPageFiles

/// The files in `Page`, as they were written.
enum PageSource {
    /// The text of a file.
    ///
    /// - Precondition: There is a file of this name.
    static func bytes(_ name: String) -> [UInt8] {
        guard let text = unsafe page_file(name) else { preconditionFailure("The page has no \(name).") }
        return unsafe Array(String(cString: text).utf8)
    }
}
