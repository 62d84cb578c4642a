/// `org.varlink.service.GetInfo`: who serves.
private enum GetInfo {
    struct Parameters: Decodable {}

    struct Reply: Encodable {
        var vendor: String
        var product: String
        var version: String
        var url: String
        var interfaces: [String]
    }
}

/// `org.varlink.service.GetInterfaceDescription`: what can be said.
private enum GetInterfaceDescription {
    struct Parameters: Decodable {
        var interface: String
    }

    struct Reply: Encodable {
        var description: String
    }
}

extension VarlinkInterface {
    /// The interface by which a service tells of itself.
    ///
    /// - Parameter others: What else the service implements.
    static func service(_ product: VarlinkService.Product, beside others: [VarlinkInterface]) -> VarlinkInterface {
        let name = "org.varlink.service"
        let info = GetInfo.Reply(
            vendor: product.vendor, product: product.name, version: product.version, url: product.url,
            interfaces: [name] + others.map(\.name))
        let definitions = Dictionary(
            uniqueKeysWithValues: [(name, serviceDefinition)] + others.map { ($0.name, $0.definition) })
        return VarlinkInterface(
            name: name, definition: serviceDefinition,
            methods: [
                VarlinkMethod("GetInfo", access: .read, streaming: .never) { (_: GetInfo.Parameters, _, _) in info },
                VarlinkMethod("GetInterfaceDescription", access: .read, streaming: .never) {
                    (parameters: GetInterfaceDescription.Parameters, _, _) in
                    guard let definition = definitions[parameters.interface] else {
                        throw VarlinkError.interfaceNotFound(interface: parameters.interface)
                    }
                    return GetInterfaceDescription.Reply(description: definition)
                },
            ])
    }
}

/// Source: https://varlink.org/Service
private let serviceDefinition = """
    # The Varlink Service Interface is provided by every varlink service. It
    # describes the service and the interfaces it implements.
    interface org.varlink.service

    # Get a list of all the interfaces a service provides and information
    # about the implementation.
    method GetInfo() -> (
      vendor: string,
      product: string,
      version: string,
      url: string,
      interfaces: []string
    )

    # Get the description of an interface that is implemented by this service.
    method GetInterfaceDescription(interface: string) -> (description: string)

    # The requested interface was not found.
    error InterfaceNotFound (interface: string)

    # The requested method was not found
    error MethodNotFound (method: string)

    # The interface defines the requested method, but the service does not
    # implement it.
    error MethodNotImplemented (method: string)

    # One of the passed parameters is invalid.
    error InvalidParameter (parameter: string)

    # Client is denied access
    error PermissionDenied ()

    # Method is expected to be called with 'more' set to true, but wasn't
    error ExpectedMore ()

    """
