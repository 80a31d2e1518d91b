import AWS
import Reconciler

/// The images of one account and region, each resolved once for all manifests that want it, however many ask at a time.
public actor ImagePool {
    private let client: ECRClient
    private var asked: [ImageSpec: Task<Result<ImageResource.Resolved, Failure>, Never>] = [:]

    public init(_ client: ECRClient) { self.client = client }

    func resolve(_ spec: ImageSpec, for resource: ResourceID) async throws(Failure) -> ImageResource.Resolved {
        let asking = asked[spec] ?? ask(spec, for: resource)
        asked[spec] = asking
        let answer = await withTaskCancellationHandler {
            await asking.value
        } onCancel: {
            // An interruption is of the invocation: nobody else is kept from an answer.
            asking.cancel()
        }
        // Whoever comes after a failure asks anew.
        if case .failure = answer, asked[spec] == asking { asked[spec] = nil }
        return try answer.get()
    }

    private func ask(
        _ spec: ImageSpec, for resource: ResourceID
    ) -> Task<Result<ImageResource.Resolved, Failure>, Never> {
        Task { [client] in
            do throws(Failure) {
                return .success(try await ImageResolver(client).resolve(spec, for: resource))
            } catch {
                return .failure(error)
            }
        }
    }
}
