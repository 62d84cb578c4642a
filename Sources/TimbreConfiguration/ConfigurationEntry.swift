import SystemPackage

/// A key of the configuration with its value, which can be read as one of the types that the configuration has.
///
/// What does not fit throws a ``ConfigurationError`` that says what would.
struct ConfigurationEntry {
    /// The key, with the table it lies in.
    let key: String
    private let value: TOMLValue
    /// The file that it stands in, for errors.
    private let file: FilePath
    /// The service user's home, which `~` stands for.
    private let home: FilePath?

    init(_ entry: TOMLTable.Entry, file: FilePath, home: FilePath?) {
        (key, value) = (entry.key, entry.value)
        (self.file, self.home) = (file, home)
    }

    private init(_ entry: TOMLTable.Entry, in table: ConfigurationEntry) {
        (key, value) = ("\(table.key).\(entry.key)", entry.value)
        (file, home) = (table.file, table.home)
    }

    /// A boolean.
    func bool() throws(ConfigurationError) -> Bool {
        guard let bool = value.bool else { throw wrongType(wanted: "true or false") }
        return bool
    }

    /// A text.
    func string() throws(ConfigurationError) -> String {
        guard let text = value.string else { throw wrongType(wanted: "a text in quotes") }
        return text
    }

    /// An integer within a range.
    func integer(in range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
        let allowed =
            range.upperBound == .max
            ? "an integer of \(range.lowerBound) or more" : "an integer from \(range.lowerBound) to \(range.upperBound)"
        guard let integer = value.int else { throw wrongType(wanted: allowed) }
        guard range.contains(integer) else { throw error("\(integer) is out of range; this must be \(allowed)") }
        return integer
    }

    /// A number of bytes within a range, written with a unit: `128 MB`. A kilobyte has 1024.
    func size(in range: ClosedRange<Int64>, example: String) throws(ConfigurationError) -> Int64 {
        guard let text = value.string else { throw wrongType(wanted: "a size in quotes, for example \"\(example)\"") }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }.uppercased()
        let powers = ["KB": 10, "MB": 20, "GB": 30, "TB": 40]
        guard let number = Int64(digits), let power = powers[unit], number <= Int64.max >> power else {
            throw error("\"\(text)\" is not a size; write for example \"\(example)\"")
        }
        guard range.contains(number << power) else {
            throw error(
                "\"\(text)\" is out of range; this must lie between \(range.lowerBound >> 20) MB and "
                    + "\(range.upperBound >> 20) MB")
        }
        return number << power
    }

    /// A duration within a range, written with units.
    func duration(in range: ClosedRange<Duration>, example: String) throws(ConfigurationError) -> Duration {
        if value.int != nil || value.double != nil {
            throw error("a number without a unit is not a duration; write for example \"\(example)\"")
        }
        guard let text = value.string else {
            throw wrongType(wanted: "a duration in quotes, for example \"\(example)\"")
        }
        guard let duration = Duration(text: text) else {
            throw error("\"\(text)\" is not a duration; write for example \"\(example)\"")
        }
        guard range.contains(duration) else {
            throw error(
                "\"\(text)\" is out of range; this must lie between \"\(range.lowerBound.text)\" and "
                    + "\"\(range.upperBound.text)\"")
        }
        return duration
    }

    /// An item of a list, and its line.
    struct Item<Value: Sendable & Equatable>: Sendable, Equatable {
        var value: Value
        var line: Int
    }

    /// Strings.
    ///
    /// - Parameter mistakes: Receives what is wrong with single items, which are left out.
    func strings(_ mistakes: inout [ConfigurationError]) throws(ConfigurationError) -> [Item<String>] {
        guard let array = value.array else {
            throw wrongType(wanted: "a list of strings, even for one: [\"…\"]")
        }
        var result: [Item<String>] = []
        for (index, item) in array.enumerated() {
            if let string = item.string {
                result.append(Item(value: string, line: item.line))
            } else {
                let problem = "item \(index + 1) of the list is of type \(item.type), but must be a string"
                mistakes.append(error(problem, line: item.line))
            }
        }
        return result
    }

    /// Globs on names.
    ///
    /// - Parameters:
    ///   - mistakes: Receives what is wrong with single ones, which are left out.
    ///   - doubts: Receives what hardly anybody means.
    func patterns(
        _ mistakes: inout [ConfigurationError], _ doubts: inout [ConfigurationError]
    ) throws(ConfigurationError) -> [[UInt8]] {
        var result: [[UInt8]] = []
        for pattern in try strings(&mistakes) {
            if pattern.value.isEmpty {
                mistakes.append(error("an empty pattern matches no name; leave it out", line: pattern.line))
            } else if pattern.value.utf8.contains(UInt8(ascii: "/")) {
                let advice = "patterns are for names, write for example \"*.part\""
                mistakes.append(error("\"\(pattern.value)\" contains a slash; \(advice)", line: pattern.line))
            } else {
                result.append(Array(pattern.value.utf8))
                guard Self.hasOpenBracket(pattern.value.utf8) else { continue }
                let advice = "it stands for itself; close it with ], or write [[]"
                doubts.append(
                    error("\"\(pattern.value)\" has a bracket that is never closed; \(advice)", line: pattern.line))
            }
        }
        return result
    }

    /// Whether a bracket of a shell pattern is never closed, as `FolderWatch/NamePattern.swift` reads them.
    private static func hasOpenBracket(_ pattern: some Sequence<UInt8>) -> Bool {
        var rest = Array(pattern)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\") { _ = rest.popFirst() }
            guard byte == UInt8(ascii: "[") else { continue }
            if let first = rest.first, [UInt8(ascii: "!"), UInt8(ascii: "^")].contains(first) { rest.removeFirst() }
            // The first of a set belongs to it, even if it is a bracket that closes.
            var member = rest.popFirst()
            repeat {
                if member == UInt8(ascii: "\\") { member = rest.popFirst() }
                guard member != nil else { return true }
                member = rest.popFirst()
            } while member != UInt8(ascii: "]")
        }
        return false
    }

    /// Extensions of files, each once, in lower case.
    ///
    /// - Parameter mistakes: Receives what is wrong with single ones, which are left out.
    func extensions(_ mistakes: inout [ConfigurationError]) throws(ConfigurationError) -> [String] {
        var result: [String] = []
        for text in try strings(&mistakes) {
            let isPlain = text.value.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
            if !isPlain || !(1...7 ~= text.value.utf8.count) {
                let advice = "write up to seven letters and digits, for example \"mp4\""
                mistakes.append(error("\"\(text.value)\" is no extension; \(advice)", line: text.line))
            } else if !result.contains(text.value.lowercased()) {
                result.append(text.value.lowercased())
            }
        }
        return result
    }

    /// Folders, absolute.
    ///
    /// - Parameter mistakes: Receives what is wrong with single ones, which are left out.
    func folders(_ mistakes: inout [ConfigurationError]) throws(ConfigurationError) -> [Item<FilePath>] {
        var result: [Item<FilePath>] = []
        for text in try strings(&mistakes) {
            do throws(ConfigurationError) {
                result.append(Item(value: try folder(text.value, line: text.line), line: text.line))
            } catch { mistakes.append(error) }
        }
        return result
    }

    private func folder(_ text: String, line: Int) throws(ConfigurationError) -> FilePath {
        let path = FilePath(text).lexicallyNormalized()
        if path.isAbsolute { return path }
        guard let first = path.components.first, text.hasPrefix("~") else {
            throw error("\"\(text)\" is not absolute; write for example \"/srv/samples\" or \"~/Samples\"", line: line)
        }
        guard first.string == "~" else {
            throw error(
                "\"\(text)\": only one's own home is known, as ~/; write the other's folder in full", line: line)
        }
        guard let home else {
            throw error("\"\(text)\": the user of this service has no home; write the folder in full", line: line)
        }
        return home.pushing(FilePath(root: nil, path.components.dropFirst()))
    }

    /// The entries of a table.
    func entries() throws(ConfigurationError) -> [ConfigurationEntry] {
        guard let table = value.table else {
            throw wrongType(wanted: "a table; write [\(key)] on a line of its own")
        }
        return table.entries.map { ConfigurationEntry($0, in: self) }
    }

    /// An error in the line of the key, or in another one.
    func error(_ problem: String, line: Int? = nil) -> ConfigurationError {
        ConfigurationError(file: file, line: line ?? value.line, key: key, problem: problem)
    }

    private func wrongType(wanted: String) -> ConfigurationError {
        let article = "aeiou".contains(value.type.prefix(1)) ? "an" : "a"
        return error("\(article) \(value.type), but this must be \(wanted)")
    }
}
