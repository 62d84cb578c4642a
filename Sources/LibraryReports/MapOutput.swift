import CommandOutput
import TimbreWire

/// The map, as it is printed.
package struct MapOutput {
    /// Whether positions are wanted, or only how the map stands.
    let wantsPoints: Bool
    private var files: [MappedFile] = []
    private var fileCount = 0

    package init(wantsPoints: Bool) { self.wantsPoints = wantsPoints }

    /// A file on the map.
    struct MappedFile: Encodable {
        var id: Int
        var path: WirePath
        var x: Int
        var y: Int

        private enum CodingKeys: String, CodingKey { case id, x, y }

        func encode(to encoder: any Encoder) throws {
            try path.encode(to: encoder)
            var members = encoder.container(keyedBy: CodingKeys.self)
            try members.encode(id, forKey: .id)
            try members.encode(x, forKey: .x)
            try members.encode(y, forKey: .y)
        }
    }

    /// How the map stands.
    private struct State: Encodable {
        var state: Map.State
        var progress: Double?
        var version: String
        var files: Int
        var learnt: Double?
        var sounds: Int?
    }

    /// Takes in a reply.
    package mutating func add(_ reply: Map.Reply) {
        let bytes = reply.points.bytes
        fileCount += bytes.count / Map.stride
        for (path, start) in zip(reply.paths ?? [], stride(from: 0, to: bytes.count, by: Map.stride)) {
            func number(_ place: Int, bytes count: Int) -> UInt64 {
                bytes[start + place..<start + place + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
            }
            files.append(
                MappedFile(
                    id: Int(number(0, bytes: 8)), path: path,
                    x: Int(Int16(truncatingIfNeeded: number(8, bytes: 2))),
                    y: Int(Int16(truncatingIfNeeded: number(10, bytes: 2)))))
        }
    }

    /// - Parameters:
    ///   - last: The last reply.
    ///   - isAsked: Whether the map is about to be learnt anew.
    package func show(_ last: Map.Reply, isAsked: Bool, as form: ListForm) throws {
        guard !wantsPoints else {
            try form.show(files, rows: files, path: \.path) { table.text(width: Output.width) }
            if files.isEmpty { throw Failure(.noMatch) }
            return
        }
        let state = State(
            state: last.state, progress: last.progress, version: last.version, files: fileCount, learnt: last.learnt,
            sounds: last.sounds)
        try Output.show(state, asJSON: form == .json) { Shown.members(lines(last, isAsked: isAsked)) }
    }

    func lines(_ last: Map.Reply, isAsked: Bool) -> [(name: String, value: String)] {
        let words =
            switch last.state {
            case .none: "none; too few sounds are known, or the model makes no timbre vectors"
            case .learning: "being learnt"
            case .ready: "ready"
            }
        var lines = [("map", words)]
        if last.state == .ready {
            lines.append(("files", "\(fileCount)"))
            if let learnt = last.learnt, let sounds = last.sounds {
                lines.append(("learnt", "\(Shown.time(learnt)), of \(Shown.count(sounds, "sound"))"))
            }
        }
        if let progress = last.progress {
            lines.append((last.state == .ready ? "next" : "progress", "\(Int(progress * 100)) %"))
        } else if isAsked {
            lines.append(("next", "begins at once"))
        }
        return lines
    }

    var table: Table {
        var table = Table([
            .init(heading: "x", alignment: .right), .init(heading: "y", alignment: .right), .init(heading: "file"),
        ])
        for file in files { table.add(["\(file.x)", "\(file.y)", Shown.path(file.path)]) }
        return table
    }
}
