import TimbreIndex
import TimbreLibrary
import TimbreMap
import TimbreStore
import TimbreTraining
import TimbreWire

/// Answers where the files of the library lie on its map.
struct MapAnswers: Sendable {
    let library: LiveLibrary
    let keeper: MapKeeper

    /// Files in one reply: 128 kB.
    private static let batch = 8192

    func map(_ parameters: Map.Parameters, _ send: (Map.Reply) throws -> Void) throws -> Map.Reply {
        let map = keeper.snapshot
        let index = library.snapshot.index
        let news = map.news(since: parameters.since)
        let isLearning = map.progress != nil
        var page = Map.Reply(
            state: map.record != nil ? .ready : isLearning ? .learning : .none, progress: map.progress,
            version: map.token, whole: news.isWhole, learnt: map.record?.learnt, sounds: map.record?.soundCount,
            paths: parameters.paths ? [] : nil, gone: news.gone.map { Int($0) })
        var (folders, points): ([[UInt8]: UInt32], [UInt8]) = ([:], [])
        for (file, point) in zip(news.files, news.points) {
            // One that has left since is told the next time.
            guard let path = index.path(of: file) else { continue }
            let folder = Array(path[..<(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)])
            if folders[folder] == nil {
                page.folders.append(WirePath(folder.isEmpty ? [UInt8(ascii: "/")] : folder))
                folders[folder] = UInt32(folders.count)
            }
            append(file, point, folders[folder] ?? 0, to: &points)
            page.paths?.append(WirePath(path))
            guard points.count == Self.batch * Map.stride else { continue }
            page.points = Base64(points)
            try send(page)
            (page.folders, page.paths, page.gone) = ([], page.paths.map { _ in [] }, [])
            points.removeAll(keepingCapacity: true)
        }
        page.points = Base64(points)
        return page
    }

    private func append(_ file: Int64, _ point: MapPoint, _ folder: UInt32, to bytes: inout [UInt8]) {
        func append(_ number: some FixedWidthInteger) {
            unsafe withUnsafeBytes(of: number.littleEndian) { unsafe bytes.append(contentsOf: $0) }
        }
        append(file)
        append(point.x)
        append(point.y)
        append(folder)
    }

    func learn() -> LearnMap.Reply {
        let version = keeper.snapshot.token
        keeper.learnAgain()
        return LearnMap.Reply(version: version)
    }
}
