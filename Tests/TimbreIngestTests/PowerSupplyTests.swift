import SystemPackage
import TestFiles
import Testing

@testable import TimbreIngest

struct PowerSupplyTests {
    // Supplies as laptops show them: linux/Documentation/ABI/testing/sysfs-class-power.
    static let battery = ["type": "Battery", "status": "Discharging"]
    static let full = ["type": "Battery", "status": "Full"]
    static let mouse = ["type": "Battery", "scope": "Device", "status": "Discharging"]
    static let plugged = ["type": "Mains", "online": "1"]
    static let unplugged = ["type": "Mains", "online": "0"]

    @Test(
        "Tells whether the machine runs on its battery",
        arguments: [
            ([], false), ([battery], true), ([full], false), ([mouse], false), ([battery, plugged], false),
            ([battery, unplugged], true), ([battery, mouse, unplugged], true), ([plugged], false), ([unplugged], false),
            ([["type": "USB", "online": "1"], battery], false), ([["type": "UPS"], battery], true),
        ] as [([[String: String]], Bool)])
    func tells(supplies: [[String: String]], isOnBattery: Bool) throws {
        let folder = try TemporaryFolder()
        for (number, supply) in supplies.enumerated() {
            try folder.makeFolder("\(number)")
            for (name, value) in supply { _ = try folder.write(value + "\n", to: "\(number)/\(name)") }
        }
        #expect(PowerSupply(directory: folder.path).isOnBattery() == isOnBattery)
    }

    @Test func withoutSuppliesThereIsNoBattery() {
        #expect(!PowerSupply(directory: "/nowhere/power_supply").isOnBattery())
    }
}
