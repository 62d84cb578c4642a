import Testing

@testable import TimbrePage

/// The page's modules, and that they can be joined.
struct PageScriptTests {
    static let modules = PageScript.modules.map {
        (name: $0, text: String(decoding: PageSource.bytes($0), as: UTF8.self))
    }
    static let joined = String(decoding: PageScript.joined, as: UTF8.self)

    /// What would make text from outside a part of the page.
    static let forbidden = [
        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser",
        "createContextualFragment", "javascript:", "srcdoc",
    ]

    @Test("No name can become a part of the page", arguments: forbidden)
    func safe(word: String) { for module in Self.modules { #expect(!module.text.contains(word), "\(module.name)") } }

    /// The names that a module has at the top, and whether it exports each.
    func names(_ text: String) -> [(name: String, isExported: Bool)] {
        text.matches(of: #/(?m)^(export )?(?:async )?(?:class|function\*?) ([\w$]+)/#).map {
            (String($0.2), $0.1 != nil)
        }
            + text.matches(of: #/(?m)^(export )?(?:const|let) (.+)$/#).flatMap { line in
                line.2.matches(of: #/(?:^|, )([\w$]+) = /#).map { (String($0.1), line.1 != nil) }
            }
    }

    @Test func noTwoModulesHaveTheSameNameAtTheTop() {
        var owners: [String: String] = [:]
        for module in Self.modules {
            for (name, _) in names(module.text) {
                #expect(
                    owners[name] == nil || owners[name] == module.name, "\(name): \(module.name), \(owners[name] ?? "")"
                )
                owners[name] = module.name
            }
        }
        #expect(owners.count > 60)
    }

    @Test func eachModuleImportsWhatThoseBeforeItExport() throws {
        var exported: [String: Set<String>] = [:]
        for module in Self.modules {
            let imports = module.text.matches(of: #/(?m)^import \{ (.+) \} from "\.\/(\w+\.js)";$/#)
            #expect(imports.count == module.text.matches(of: #/\bimport\b(?!\(")/#).count, "\(module.name)")
            for line in imports {
                let there = try #require(exported[String(line.2)], "\(module.name) imports from what comes later")
                for name in line.1.split(separator: ", ") {
                    #expect(there.contains(String(name)), "\(module.name): \(name)")
                }
            }
            exported[module.name] = Set(names(module.text).filter(\.isExported).map(\.name))
        }
    }

    @Test func theJoinedScriptHasAllLinesButThoseThatImport() {
        let wanted = Self.modules.flatMap { $0.text.split(separator: "\n") }.count { !$0.hasPrefix("import ") }
        #expect(Self.joined.split(separator: "\n").count == wanted)
        #expect(Self.joined.firstMatch(of: #/(?m)^(?:import|export) /#) == nil)
    }
}
