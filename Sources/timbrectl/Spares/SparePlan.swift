import TimbreWire

/// What of a group of duplicates can go: never all of it.
///
/// At least one file stays that is on disk at this moment, that can be read, and that is what the library knows. Only what
/// wins space by going is listed.
///
/// Of files that hold the same sound and are not the same bytes only those can go that are as loud as one that stays, and are
/// not called as its layers are: the strokes of a drum from soft to hard often are one recording at several levels, and its
/// instrument needs each.
struct SparePlan {
    /// Why a file is neither the one that is kept nor a spare.
    enum Reason: String, Error, Encodable, CaseIterable {
        case gone = "not there any more"
        case changed = "changed since it was read"
        case packed = "in an archive, of which timbrectl removes nothing"
        case sameFile = "another name of a file that is kept: without it nothing would be won"
        case link = "reached through a symbolic link: without it nothing would be won"
        case linkedElsewhere = "has other names elsewhere: without it nothing would be won"
        case level = "at another level than what is kept, as velocity layers are; --layers lets it go"
        case layer = "called as a layer of what is kept; --layers lets it go"
        case noneMatches = "no file of its group is one that is to be kept"
        case noneReadable = "no file of its group can be read"
        case unreadable = "it cannot be read"
    }

    struct LeftOut {
        var file: DuplicateFile
        var reason: Reason
    }

    let kind: DuplicateGroup.Kind
    private(set) var kept: [DuplicateFile] = []
    private(set) var spares: [DuplicateFile] = []
    private(set) var leftOut: [LeftOut] = []
    /// Bytes that are free once the spares are gone.
    private(set) var freed = 0

    /// From so many decibels on two sounds are at different levels: codecs change a level by less than 0.4 dB. Of 190 pairs of
    /// files in one kit that hold one recording at two levels, 178 differ by 1 dB or more.
    private static let leastStep = 0.5

    /// Looks at the files of a group and decides.
    ///
    /// - Parameters:
    ///   - rules: What is kept: the first that is about any file of the group decides.
    ///   - layers: Whether what may be a layer of what is kept can go, too.
    init(_ group: DuplicateGroup, keeping rules: [KeepRule], lettingLayersGo layers: Bool = false) {
        kind = group.kind
        decide(look(at: group), rules, lettingLayersGo: layers || kind == .exact, layersOf: nil)
    }

    /// Decides which of some copies are kept, and which can go.
    ///
    /// - Parameter others: What is kept already, of which these may be layers: what is kept of them is said to stay.
    private mutating func decide(
        _ copies: [CopyOnDisk], _ rules: [KeepRule], lettingLayersGo layers: Bool, layersOf others: [CopyOnDisk]?
    ) {
        let readable = copies.filter(\.isReadable)
        guard let rule = rules.first(where: { !$0.choose(from: readable).isEmpty }) else {
            for copy in copies {
                if let others {
                    leave(copy.names, copy.isReadable ? Self.reason(of: copy, beside: others) : .unreadable)
                } else {
                    leave(copy.names, readable.isEmpty ? .noneReadable : .noneMatches)
                }
            }
            return
        }
        let chosen = rule.choose(from: readable)
        // What matches stays, too, where it cannot be read.
        let alsoChosen = rule.choose(from: copies)
        var (gone, rest): ([CopyOnDisk], [CopyOnDisk]) = ([], [])
        for copy in copies {
            let isMatch = if case .path = rule { alsoChosen.contains { $0.isSame(as: copy) } } else { false }
            if isMatch || chosen.contains(where: { $0.isSame(as: copy) }) {
                if let others { leave(copy.names, Self.reason(of: copy, beside: others)) } else { keep(copy) }
            } else if layers || Self.isSpare(copy, of: chosen, beside: gone) {
                spare(copy)
                gone.append(copy)
            } else {
                rest.append(copy)
            }
        }
        // Layers may have spares of their own.
        if !rest.isEmpty { decide(rest, rules, lettingLayersGo: layers, layersOf: (others ?? []) + chosen) }
    }

    /// Whether a copy can go for the sake of what is kept: that has the same bytes, or is as loud, and the copy is no layer of
    /// it, nor of others that go for its sake.
    private static func isSpare(_ copy: CopyOnDisk, of kept: [CopyOnDisk], beside gone: [CopyOnDisk]) -> Bool {
        if kept.contains(where: { $0.names[0].file.content == copy.names[0].file.content }) { return true }
        guard kept.contains(where: { !isAtAnotherLevel(copy, than: $0) }) else { return false }
        return !(kept + gone).contains { other in
            copy.names.contains { name in
                other.names.contains { LayerNames.areLayers(name.file.path, $0.file.path) }
            }
        }
    }

    private static func isAtAnotherLevel(_ copy: CopyOnDisk, than kept: CopyOnDisk) -> Bool {
        abs((copy.names[0].file.level ?? 0) - (kept.names[0].file.level ?? 0)) >= leastStep
    }

    /// Why a copy stays beside others that are kept.
    private static func reason(of copy: CopyOnDisk, beside others: [CopyOnDisk]) -> Reason {
        others.allSatisfy { isAtAnotherLevel(copy, than: $0) } ? .level : .layer
    }

    /// The different files of a group that are there.
    private mutating func look(at group: DuplicateGroup) -> [CopyOnDisk] {
        var copies: [CopyOnDisk] = []
        for file in group.files {
            do throws(Reason) {
                let copy = try CopyOnDisk(file)
                if let place = copies.firstIndex(where: { $0.isSame(as: copy) }) {
                    copies[place].names += copy.names
                } else {
                    copies.append(copy)
                }
            } catch { leftOut.append(LeftOut(file: file, reason: error)) }
        }
        return copies
    }

    private mutating func keep(_ copy: CopyOnDisk) {
        let place = copy.names.firstIndex(where: \.isDirect) ?? 0
        kept.append(copy.names[place].file)
        for (number, name) in copy.names.enumerated() where number != place {
            leftOut.append(LeftOut(file: name.file, reason: name.isDirect ? .sameFile : .link))
        }
    }

    private mutating func spare(_ copy: CopyOnDisk) {
        let own = copy.names.filter(\.isDirect)
        leave(copy.names.filter { !$0.isDirect }, .link)
        guard copy.links <= own.count else { return leave(own, .linkedElsewhere) }
        spares += own.map(\.file)
        if !own.isEmpty { freed += Int(copy.size) }
    }

    private mutating func leave(_ names: [CopyOnDisk.Name], _ reason: Reason) {
        leftOut += names.map { LeftOut(file: $0.file, reason: reason) }
    }
}
