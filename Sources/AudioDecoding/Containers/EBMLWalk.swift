/// A walk through the elements of an EBML file, such as Matroska: to no more of them than a file needs.
///
/// Source: RFC 8794, sections 4 to 7.
struct EBMLWalk {
    struct Element: Hashable {
        /// With the bits that say how long it is, as definitions give it.
        var id: UInt64
        /// Where its content is, as much of it as there is.
        var content: Range<Int64>
    }

    let view: ByteView
    /// Elements that may still be looked at.
    private var stepsLeft = 4096

    private static let longestID = 4
    private static let longestSize = 8

    init(_ view: ByteView) { self.view = view }

    /// Reads the header of the element at a place; nil if there is none, or enough have been looked at.
    ///
    /// - Parameter end: Where the element ends in which it lies, if it does.
    mutating func element(at place: Int64, before end: Int64) -> Element? {
        guard place < end, stepsLeft > 0 else { return nil }
        stepsLeft -= 1
        let header = view.bytes(from: place, most: Int(min(end - place, Int64(Self.longestID + Self.longestSize))))
        guard let id = Self.number(header[...], longest: Self.longestID),
            let size = Self.number(header.dropFirst(id.length), longest: Self.longestSize)
        else { return nil }
        let start = place + Int64(id.length + size.length)
        let ones = UInt64(1) << (7 * size.length) - 1
        // A size of ones alone is one that nobody knew: the element goes on to the end of what it lies in.
        let held = size.value & ones == ones ? end - start : min(Int64(size.value & ones), end - start)
        return Element(id: id.value, content: start..<start + held)
    }

    /// The elements of a range.
    mutating func elements(in range: Range<Int64>) -> [Element] {
        var elements: [Element] = []
        var place = range.lowerBound
        while let element = element(at: place, before: range.upperBound) {
            elements.append(element)
            place = element.content.upperBound
        }
        return elements
    }

    /// A number of up to eight bytes; nil if it has more.
    func number(_ element: Element) -> UInt64? {
        guard element.content.count <= 8 else { return nil }
        return view.number(at: element.content.lowerBound, bytes: element.content.count, isBigEndian: true)
    }

    /// A text, which zeros may follow.
    func text(_ element: Element) -> String {
        let bytes = view.bytes(
            from: element.content.lowerBound, most: min(element.content.count, TagText.mostBytes))
        return TagText.utf8(bytes.prefix { $0 != 0 })
    }

    /// The number with which bytes begin, which says by the zeros in front of its first one how many bytes it has.
    private static func number(_ bytes: ArraySlice<UInt8>, longest: Int) -> (value: UInt64, length: Int)? {
        guard let first = bytes.first else { return nil }
        let length = first.leadingZeroBitCount + 1
        guard length <= longest, length <= bytes.count else { return nil }
        return (bytes.prefix(length).bigEndianNumber, length)
    }
}
