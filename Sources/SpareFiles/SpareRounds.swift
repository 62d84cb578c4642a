import TimbreWire

/// Decides which copies of one sound stay, and which can go for their sake.
///
/// In a round some are chosen, and what can go for their sake goes; the layers that are left may have spares of their own, and
/// are the copies of the next round.
///
/// - Complexity: O(*n* log *n* + *m*) in the copies and in the pairs of layers that are equally loud.
struct SpareRounds {
    enum Decision: Hashable {
        /// It is what others go for the sake of.
        case kept
        case spare
        case left(SparePlan.Reason)
    }

    /// About each copy, named by its place in the group, in the order in which it was decided.
    private(set) var decisions: [(copy: Int, decision: Decision)] = []
    private let copies: [CopyOnDisk]
    private let lettingLayersGo: Bool
    private let names: [[LayerName]]
    private let sameContent: [String: [Int]]
    private var open: OpenCopies
    /// Of what was chosen in earlier rounds.
    private var chosenLevels = LevelSet()
    private var isFirst = true

    /// Decides.
    ///
    /// - Parameters:
    ///   - copies: The different files of a group.
    ///   - rules: What is chosen: the first that is about any copy of a round decides.
    ///   - lettingLayersGo: Whether what may be a layer of what is kept can go, too.
    init(_ copies: [CopyOnDisk], _ rules: [KeepRule], lettingLayersGo: Bool) {
        self.copies = copies
        self.lettingLayersGo = lettingLayersGo
        names = lettingLayersGo ? [] : copies.map { $0.names.map { LayerName($0.file.path) } }
        sameContent = Dictionary(grouping: copies.indices) { copies[$0].content }
        open = OpenCopies(levels: copies.map(\.level))
        for rule in rules {
            if rule.isPattern { choose(matching: rule) } else { chooseEach(by: rule) }
        }
        leaveTheRest()
    }

    /// All that a pattern is about are chosen at once, if any of them can be read.
    private mutating func choose(matching rule: KeepRule) {
        let all = open.all
        let matching = all.filter { rule.matches(copies[$0]) }
        let chosen = matching.filter { copies[$0].isReadable }
        // What matches stays, too, where it cannot be read.
        if !chosen.isEmpty { decide(all, choosing: chosen, keeping: Set(matching)) }
    }

    /// One after the other is chosen, the best first, until none is left that can be read.
    private mutating func chooseEach(by rule: KeepRule) {
        let readable = open.all.filter { copies[$0].isReadable }
        for best in readable.sorted(by: { rule.prefers(copies[$0], at: $0, to: copies[$1], at: $1) })
        where open.contains(best) {
            let candidates =
                lettingLayersGo
                ? open.all : Set(open.asLoud(as: best) + (sameContent[copies[best].content] ?? []) + [best]).sorted()
            decide(candidates, choosing: [best], keeping: [best])
        }
    }

    /// A round.
    ///
    /// - Parameters:
    ///   - candidates: All that may go, and what stays; in the group's order.
    ///   - kept: What is chosen, and what stays as well.
    private mutating func decide(_ candidates: [Int], choosing chosen: [Int], keeping kept: Set<Int>) {
        let contents = Set(chosen.map { copies[$0].content })
        var (levels, beside) = (LevelSet(), LayerNameSet())
        for copy in chosen {
            levels.insert(copies[copy].level)
            insert(copy, into: &beside)
        }
        for copy in candidates where open.contains(copy) {
            if kept.contains(copy) {
                finish(copy, isFirst ? .kept : .left(reason(of: copy)))
            } else if lettingLayersGo || contents.contains(copies[copy].content)
                || levels.hasSame(as: copies[copy].level) && !names[copy].contains(where: beside.hasLayer)
            {
                finish(copy, .spare)
                insert(copy, into: &beside)
            }
        }
        for copy in chosen { chosenLevels.insert(copies[copy].level) }
        isFirst = false
    }

    private func insert(_ copy: Int, into beside: inout LayerNameSet) {
        if !lettingLayersGo { for name in names[copy] { beside.insert(name) } }
    }

    private mutating func finish(_ copy: Int, _ decision: Decision) {
        decisions.append((copy, decision))
        open.remove(copy)
    }

    /// No rule is about what is left.
    private mutating func leaveTheRest() {
        let isAnyReadable = copies.contains(where: \.isReadable)
        for copy in open.all {
            let reason: SparePlan.Reason =
                isFirst
                ? isAnyReadable ? .noneMatches : .noneReadable
                : copies[copy].isReadable ? reason(of: copy) : .unreadable
            finish(copy, .left(reason))
        }
    }

    /// Why a copy stays beside what was chosen in earlier rounds.
    private func reason(of copy: Int) -> SparePlan.Reason {
        chosenLevels.hasSame(as: copies[copy].level) ? .layer : .level
    }
}
