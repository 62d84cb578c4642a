/// Names of files, among which layers of another are looked for.
///
/// Both of its verbs take the time for one name, however many there are: of those that layers may be called like, two are as
/// good as all.
struct LayerNameSet {
    private var names: [LayerName.Shape: [LayerName]] = [:]

    mutating func insert(_ name: LayerName) {
        var alike = names[name.shape] ?? []
        guard alike.count(where: { $0.hasRoles(of: name) }) < 2, !alike.contains(where: { $0.isSame(as: name) }) else {
            return
        }
        alike.append(name)
        names[name.shape] = alike
    }

    /// Whether one of the names is that of a layer of a file.
    func hasLayer(of name: LayerName) -> Bool { names[name.shape]?.contains { $0.isLayer(of: name) } ?? false }
}
