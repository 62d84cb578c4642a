/// A line of the table: a name, and three columns to the right of it.
struct Row {
    private let name: String
    private let columns: [String]

    init(_ name: String, _ columns: String...) {
        self.name = name
        self.columns = columns
    }

    /// - Parameters:
    ///   - codes: How long a search by codes takes, in milliseconds.
    ///   - vectors: How long the one by vectors takes.
    init(_ name: String, codes: Double, vectors: Double) {
        self.init(name, "\(Self.twoPlaces(codes)) ms", "\(Self.twoPlaces(vectors)) ms", Self.twoPlaces(vectors / codes))
    }

    var text: String {
        columns.reduce(name + Self.spaces(16 - name.count)) { $0 + Self.spaces(12 - $1.count) + $1 }
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(count, 0)) }

    private static func twoPlaces(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        return "\(hundredths / 100).\(hundredths / 10 % 10)\(hundredths % 10)"
    }
}
