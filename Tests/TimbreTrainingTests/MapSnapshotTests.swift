import Testing
import TimbreMap

@testable import TimbreTraining

struct MapSnapshotTests {
    private func point(_ file: Int64) -> MapPoint { MapPoint(x: Int16(file), y: -Int16(file)) }

    private func map(_ files: Int64...) -> MapSnapshot {
        var map = MapSnapshot(run: 0xAB)
        map.replace(nil, files: files, points: files.map(point))
        return map
    }

    @Test func filesStayInOrder() {
        var map = map(2, 4, 6)
        map.change(added: [1, 5, 9].map { ($0, point($0)) }, gone: [4])
        #expect(map.files == [1, 2, 5, 6, 9] && map.points == map.files.map(point))
        #expect(map[5] == point(5) && map[4] == nil && map[10] == nil)
    }

    @Test func newsAreWhatHasChangedInTheEnd() {
        var map = map(2, 4)
        let token = map.token
        map.change(added: [(7, point(7))], gone: [2])
        map.change(added: [(8, point(8))], gone: [7])
        let news = map.news(since: token)
        #expect(!news.isWhole && news.files == [8] && news.points == [point(8)] && news.gone == [2, 7])
        #expect(map.news(since: map.token).files == [] && map.news(since: map.token).gone == [])
    }

    @Test func whoIsTooFarBehindOrOfAnotherRunIsToldEverything() {
        var map = map(2)
        let token = map.token
        for _ in 0..<20_000 {
            map.change(added: [(9, point(9))], gone: [])
            map.change(added: [], gone: [9])
        }
        for token in [nil, token, "", "ab", "ab-", "ac-1", "ab-99999999", "ab--1", "ab-1-2"] {
            #expect(map.news(since: token).isWhole && map.news(since: token).files == [2], "\(token ?? "nil")")
        }
        let before = map.token
        map.replace(nil, files: [3], points: [point(3)])
        #expect(map.news(since: before).isWhole)
    }
}
