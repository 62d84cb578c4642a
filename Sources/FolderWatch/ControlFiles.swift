/// The files that download managers keep beside what they fetch for as long as it is not whole. Those that write to the
/// final name at once cannot be told from others by it; that file is left alone until the one beside it has gone.
enum ControlFiles {
    /// aria2, axel and lftp. What browsers call `.part` holds the sound itself: a file that lies beside one is another.
    private static let suffixes = [".aria2", ".st", ".lftp-pget-status"].map { Array($0.utf8) }

    /// The name of the file that a control file of this name stands beside; nil if it is no control file's name.
    static func guarded(by name: [UInt8]) -> [UInt8]? {
        for suffix in suffixes where name.count > suffix.count && name.suffix(suffix.count).elementsEqual(suffix) {
            return Array(name.dropLast(suffix.count))
        }
        return nil
    }

    /// The names of the control files that a file of this name might have.
    static func names(for name: [UInt8]) -> [[UInt8]] { suffixes.map { name + $0 } }
}
