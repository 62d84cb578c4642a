/// A name and a value of a head.
package struct PageField: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// All of a request but its body. Bytes that are no UTF-8 have been replaced by U+FFFD.
package struct PageHead: Hashable, Sendable {
    /// `GET`, for instance.
    package var method: String
    /// The path, percent-decoded, without what follows a question mark.
    package var path: String
    /// `HTTP/1.1`, for instance.
    package var version: String
    /// What follows a question mark, decoded.
    package var arguments: [PageField]
    /// In the order in which they came; a name can come several times.
    package var fields: [PageField]

    package init(
        method: String, path: String, version: String = "HTTP/1.1", arguments: [PageField] = [],
        fields: [PageField] = []
    ) {
        self.method = method
        self.path = path
        self.version = version
        self.arguments = arguments
        self.fields = fields
    }

    /// The values of all fields of a name, which is compared without regard to case.
    package func values(of name: String) -> [String] {
        let wanted = name.lowercased()
        return fields.filter { $0.name.lowercased() == wanted }.map(\.value)
    }

    /// The value of an argument that is there once; nil if it is absent or ambiguous.
    package func argument(_ name: String) -> String? {
        let values = arguments.filter { $0.name == name }.map(\.value)
        return values.count == 1 ? values.first : nil
    }

    /// The value of a field that is there once; nil if it is absent or ambiguous.
    package func value(of name: String) -> String? {
        let values = values(of: name)
        return values.count == 1 ? values.first : nil
    }
}

/// A request that has arrived whole.
package struct PageRequest: Hashable, Sendable {
    package var head: PageHead
    package var body: [UInt8]

    package init(head: PageHead, body: [UInt8] = []) {
        self.head = head
        self.body = body
    }
}
