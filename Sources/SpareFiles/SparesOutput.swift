import CommandOutput
import TimbreWire

/// What can go of groups of duplicates, as it is printed: those first that free most.
package struct SparesOutput {
    /// What `--json` prints.
    private struct Whole: Encodable {
        var groups: [Row]
        var freed: Int
    }

    /// What is said of a group.
    private struct Row: Encodable {
        struct LeftOut: Encodable {
            var path: WirePath
            var reason: SparePlan.Reason

            private enum CodingKeys: String, CodingKey { case reason }

            func encode(to encoder: any Encoder) throws {
                try path.encode(to: encoder)
                var members = encoder.container(keyedBy: CodingKeys.self)
                try members.encode(reason, forKey: .reason)
            }
        }

        var kind: DuplicateGroup.Kind
        var keep: [WirePath]
        var spares: [WirePath]
        var leftOut: [LeftOut]
        var freed: Int

        private enum CodingKeys: String, CodingKey {
            case kind, keep, spares
            case leftOut = "left_out"
            case freed
        }

        init(_ plan: SparePlan) {
            (kind, keep, spares) = (plan.kind, plan.kept.map(\.path), plan.spares.map(\.path))
            leftOut = plan.leftOut.map { LeftOut(path: $0.file.path, reason: $0.reason) }
            freed = plan.freed
        }
    }

    let plans: [SparePlan]

    package init(_ plans: [SparePlan]) { self.plans = plans.sorted { $0.freed > $1.freed } }

    private var freed: Int { plans.reduce(0) { $0 + $1.freed } }
    private var count: Int { plans.reduce(0) { $0 + $1.spares.count } }

    /// Prints them; `-0` prints what can go and nothing else.
    ///
    /// - Throws: ``Failure`` of code 1 if there is nothing that can go.
    package func show(as form: ListForm) throws {
        if form == .paths {
            try Output.write(plans.flatMap { $0.spares.flatMap { $0.path.bytes + [0] } })
            remarks.forEach(Output.error)
        } else {
            let rows = plans.map(Row.init)
            try form.show(Whole(groups: rows, freed: freed), rows: rows, path: { _ in nil }, table: { text })
        }
        if count == 0 { throw Failure(.noMatch) }
    }

    /// How many files were left out for each reason: for whoever reads the paths alone.
    var remarks: [String] {
        SparePlan.Reason.allCases.compactMap { reason in
            let count = plans.reduce(0) { $0 + $1.leftOut.count { $0.reason == reason } }
            guard count > 0 else { return nil }
            return "timbrectl: duplicates: no spare\(count == 1 ? "" : "s"): \(Shown.count(count, "file")), "
                + "\(reason.rawValue)"
        }
    }

    /// What can go as people read it.
    var text: String {
        guard !plans.isEmpty else { return "" }
        let groups = plans.map { plan in
            plan.kept.map { "keep   \(Shown.path($0.path))\n" }.joined()
                + plan.spares.map { "spare  \(Shown.path($0.path)), \(Shown.size($0.size))\n" }.joined()
                + plan.leftOut.map { "stays  \(Shown.path($0.file.path)): \($0.reason.rawValue)\n" }.joined() + "\n"
        }
        return groups.joined() + "\(Shown.count(count, "file")) can go, \(Shown.size(freed)) would be free"
            + (count == 0
                ? "\n" : "; to the trash with them: the same command with `-0 | xargs -0 gio trash` at its end\n")
    }
}
