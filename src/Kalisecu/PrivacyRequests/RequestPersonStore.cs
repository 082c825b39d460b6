using System.Runtime.CompilerServices;
using Kalisecu.Keys;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Kalisecu.PrivacyRequests;

/// <summary>
/// What requests themselves say about persons. They are kept as proof that a right was answered, and no longer than that:
/// GDPR art. 17(3)(e), and art. 18(2) for the same reason.
/// </summary>
internal sealed class RequestPersonStore(KeyRing keys) : ProofStore
{
    public override string Name => "privacy_requests";

    public override IReadOnlyList<string> Tables { get; } = ["privacy_requests", "privacy_request_originals"];

    public override async IAsyncEnumerable<PersonalRecord> CollectAsync(
        KalisecuDb db,
        PersonRef person,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var key = keys.For(TenantScope.Platform);
        var requests = Of(db, person).AsNoTracking().OrderBy(r => r.CreateTime).ThenBy(r => r.PrivacyRequestId);
        // A person has few; the list is read before originals are asked for on the same connection.
        foreach (var request in await requests.ToListAsync(cancellationToken))
        {
            yield return Record(request, key);
            var originals = await RequestOriginals.OfAsync(db, request.PrivacyRequestId, cancellationToken);
            foreach (var original in originals)
            {
                yield return new PersonalRecord(
                    "privacy_request_original",
                    [
                        new("privacy_request_id", request.PrivacyRequestId.ToString("D"), false),
                        new("file_name", key.DecryptText(original.FileName, "file_name", original.OriginalId), false),
                        new("media_type", original.MediaType, false),
                        new("document_size_bytes", original.DocumentSizeBytes, false),
                        new("create_time", original.CreateTime, false),
                    ]
                );
            }
        }
    }

    protected override async Task<IReadOnlyList<KeptRows>> KeptAsync(
        KalisecuDb db,
        PersonRef person,
        CancellationToken cancellationToken
    )
    {
        var requests = await Of(db, person).AsNoTracking().ToListAsync(cancellationToken);
        return
        [
            .. requests
                .GroupBy(r => r.GoesOn)
                .OrderBy(g => g.Key)
                .Select(g => new KeptRows(g.Count(), KeptRows.LegalClaims, g.Key)),
        ];
    }

    private static IQueryable<PrivacyRequest> Of(KalisecuDb db, PersonRef person) =>
        db.Set<PrivacyRequest>()
            .Where(r =>
                r.TenantId == TenantScope.Platform
                && db.Set<RequestSubject>()
                    .Any(s =>
                        s.TenantId == r.TenantId
                        && s.PrivacyRequestId == r.PrivacyRequestId
                        && s.PersonTenantId == person.TenantId
                        && s.PersonId == person.PersonId
                    )
            );

    private static PersonalRecord Record(PrivacyRequest request, DataKey key)
    {
        string? Open(byte[]? value, string what) =>
            value is null ? null : key.DecryptText(value, what, request.PrivacyRequestId);
        return new PersonalRecord(
            "privacy_request",
            [
                new("privacy_request_id", request.PrivacyRequestId.ToString("D"), false),
                new("channel", request.Channel.ToString(), false),
                new("rights", string.Join(' ', request.Rights.Select(r => r.Right)), false),
                new("state", request.State.ToString(), false),
                new("received_date", request.ReceivedDate.ToString("uuuu-MM-dd", null), false),
                new("due_date", request.DueDate.ToString("uuuu-MM-dd", null), false),
                new("email", Open(request.Email, "email"), false),
                new("requester_name", Open(request.RequesterName, "requester_name"), false),
                new("postal_address", Open(request.PostalAddress, "postal_address"), false),
                new("details", Open(request.Details, "details"), false),
                new("code_email", Open(request.CodeEmail, "code_email"), false),
                new("proved_email", Open(request.ProvedEmail, "code_email"), false),
                new("identity_method", request.IdentityMethod?.ToString(), false),
                new("identity_grounds", Open(request.IdentityGrounds, "identity_grounds"), false),
                new("extend_reasons", Open(request.ExtendReasons, "extend_reasons"), false),
                new("close_reasons", Open(request.CloseReasons, "close_reasons"), false),
                new("create_time", request.CreateTime, false),
                new("close_time", request.CloseTime, false),
            ]
        );
    }
}
