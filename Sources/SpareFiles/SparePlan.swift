import TimbreWire

/// What of a group of duplicates can go: never all of it.
///
/// At least one file stays that is on disk at this moment, that can be read, and that is what the library knows. Only what
/// wins space by going is listed.
///
/// Of files that hold the same sound and are not the same bytes only those can go that are as loud as one that stays, and are
/// not called as its layers are: the strokes of a drum from soft to hard often are one recording at several levels, and its
/// instrument needs each.
package struct SparePlan {
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

    /// Looks at the files of a group and decides.
    ///
    /// - Parameters:
    ///   - rules: What is kept: the first that is about any file of the group decides.
    ///   - layers: Whether what may be a layer of what is kept can go, too.
    package init(_ group: DuplicateGroup, keeping rules: [KeepRule], lettingLayersGo layers: Bool = false) {
        kind = group.kind
        let copies = look(at: group)
        let rounds = SpareRounds(copies, rules, lettingLayersGo: layers || kind == .exact)
        for (copy, decision) in rounds.decisions {
            switch decision {
            case .kept: keep(copies[copy])
            case .spare: spare(copies[copy])
            case .left(let reason): leave(copies[copy].names, reason)
            }
        }
    }

    /// The different files of a group that are there.
    private mutating func look(at group: DuplicateGroup) -> [CopyOnDisk] {
        var (copies, places) = ([CopyOnDisk](), [CopyOnDisk.Identity: Int]())
        for file in group.files {
            do throws(Reason) {
                let copy = try CopyOnDisk(file)
                if let place = places[copy.identity] {
                    copies[place].names += copy.names
                } else {
                    places[copy.identity] = copies.count
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
