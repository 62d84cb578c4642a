import FolderWatch
import SystemPackage
import Testing

struct LanePlanTests {
    var plan = LanePlan()

    init() { plan.setFolders(["/disk", "/net", "/home"]) { $0 == "/net" } }

    private func silence(_ folder: FilePath, lane: Int, mount: Int? = 1) -> LanePlan.Silence {
        let status = FolderStatus(root: folder, mode: .offline(reason: "silent"), identity: nil, watches: 0)
        return LanePlan.Silence(lane: lane, status: status, mount: mount)
    }

    @Test func whatCanStopAnsweringIsByItself() {
        #expect(plan.shared == ["/disk", "/home"])
        #expect(plan.separate == ["/net"])
    }

    @Test mutating func aSilentFolderHasNoLaneUntilItsLaneHasEnded() {
        plan.fellSilent("/net", silence("/net", lane: 3))
        #expect(plan.separate == [])
        plan.ended(lane: 2)
        #expect(plan.separate == [])
        plan.ended(lane: 3)
        #expect(plan.separate == ["/net"])
        #expect(plan.silent.isEmpty)
    }

    @Test mutating func aFolderThatHeldUpOthersIsByItselfFromThenOn() {
        plan.fellSilent("/home", silence("/home", lane: 0))
        #expect(plan.shared == ["/disk"])
        plan.ended(lane: 0)
        #expect(plan.shared == ["/disk"])
        #expect(plan.separate == ["/net", "/home"])
    }

    @Test mutating func anotherMountMayAnswer() {
        plan.fellSilent("/net", silence("/net", lane: 3, mount: 8))
        plan.mountsChanged { _ in 8 }
        #expect(plan.separate == [])
        plan.mountsChanged { _ in nil }
        #expect(plan.separate == ["/net"])
    }

    @Test mutating func foldersThatAreLeftAreForgotten() {
        plan.fellSilent("/net", silence("/net", lane: 3))
        plan.setFolders(["/disk"]) { _ in false }
        #expect(plan.silent.isEmpty)
        plan.fellSilent("/net", silence("/net", lane: 4))
        #expect(plan.silent.isEmpty)
        plan.setFolders(["/disk", "/net"]) { _ in false }
        #expect(plan.shared == ["/disk", "/net"])
    }

    @Test mutating func foldersChangeTheirLanes() {
        plan.share("/net")
        #expect(plan.shared == ["/disk", "/net", "/home"])
        plan.separate("/disk")
        plan.separate("/unknown")
        #expect(plan.shared == ["/net", "/home"])
        #expect(plan.separate == ["/disk"])
    }
}
