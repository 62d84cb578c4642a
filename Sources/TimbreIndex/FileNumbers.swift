/// Numbers of files, as many bits as the greatest of them: asked of each file of a search, and made of half a million files in
/// a millisecond.
package struct FileNumbers: Hashable, Sendable {
    private var words: [UInt64] = []

    package init() {}

    package init(_ numbers: some Sequence<Int64>) { for number in numbers { insert(number) } }

    /// - Precondition: The number is not negative.
    package mutating func insert(_ number: Int64) {
        let word = Int(number >> 6)
        if word >= words.count {
            words.append(contentsOf: repeatElement(0, count: max(word + 1 - words.count, words.count)))
        }
        words[word] |= 1 << UInt64(number & 63)
    }

    package func contains(_ number: Int64) -> Bool {
        let word = Int(number >> 6)
        return number >= 0 && word < words.count && words[word] >> UInt64(number & 63) & 1 == 1
    }

    package static func == (a: FileNumbers, b: FileNumbers) -> Bool { a.used == b.used }
    package func hash(into hasher: inout Hasher) { hasher.combine(used) }

    /// Without the room behind the greatest number.
    private var used: ArraySlice<UInt64> { words[..<((words.lastIndex { $0 != 0 } ?? -1) + 1)] }
}

extension FileNumbers: ExpressibleByArrayLiteral {
    package init(arrayLiteral numbers: Int64...) { self.init(numbers) }
}
