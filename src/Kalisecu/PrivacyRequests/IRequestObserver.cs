using Kalisecu.Persistence;

namespace Kalisecu.PrivacyRequests;

/// <summary>Hears of a request's end, in the transaction that ends it and before its row is changed.</summary>
internal interface IRequestObserver
{
    /// <summary>
    /// The request is withdrawn, or these rights of it are refused: stops what was set in motion for them, and refuses where that
    /// can no longer be stopped.
    /// </summary>
    Task EndingAsync(
        KalisecuDb db,
        Guid privacyRequestId,
        IReadOnlyList<Right> rights,
        string actor,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;

    /// <summary>The request is answered: refuses while something of it is still to be decided.</summary>
    Task AnsweringAsync(KalisecuDb db, Guid privacyRequestId, CancellationToken cancellationToken) =>
        Task.CompletedTask;
}
