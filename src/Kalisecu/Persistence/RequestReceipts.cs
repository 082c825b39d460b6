using System.Security.Cryptography;
using Google.Protobuf;
using Kalisecu.Errors;
using Kalisecu.Keys;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Persistence;

/// <summary>Makes a change take effect once however often it is sent (AIP-155): its answer is kept under its request_id.</summary>
internal sealed class RequestReceipts(KeyRing keys, IClock clock)
{
    public async Task<TResponse> OnceAsync<TResponse>(
        KalisecuDb db,
        Caller caller,
        string method,
        IMessage request,
        string requestId,
        Func<Task<TResponse>> change,
        CancellationToken cancellationToken
    )
        where TResponse : IMessage<TResponse>, new()
    {
        if (requestId.Length == 0)
        {
            return await change();
        }

        var violations = new Violations();
        var id = Fields.Id(requestId, "request_id", violations);
        violations.ThrowIfAny();

        var tenant = caller.TenantId ?? TenantScope.Platform;
        var digest = SHA256.HashData([
            .. System.Text.Encoding.UTF8.GetBytes(method + caller.Actor),
            .. request.ToByteArray(),
        ]);
        if (!await ClaimAsync(db, tenant, id, digest, cancellationToken))
        {
            return await RepeatAsync<TResponse>(db, tenant, id, digest, requestId, cancellationToken);
        }

        var response = await change();
        var sealedResponse = keys.For(tenant).Encrypt(response.ToByteArray(), "receipt", id);
        var person = ReceiptSubject.Of(response);
        await db.Database.ExecuteSqlAsync(
            $"""
            update request_receipts set response = {sealedResponse}, person_id = {person}
            where tenant_id = {tenant} and request_id = {id}
            """,
            cancellationToken
        );
        return response;
    }

    // The mapper has no "insert unless there"; a second call with the same id waits here until the first has committed.
    private async Task<bool> ClaimAsync(
        KalisecuDb db,
        Guid tenant,
        Guid id,
        byte[] digest,
        CancellationToken cancellationToken
    ) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into request_receipts (tenant_id, request_id, request_digest, create_time)
            values ({tenant}, {id}, {digest}, {clock.GetCurrentInstant()})
            on conflict (tenant_id, request_id) do nothing
            """,
            cancellationToken
        ) == 1;

    private async Task<TResponse> RepeatAsync<TResponse>(
        KalisecuDb db,
        Guid tenant,
        Guid id,
        byte[] digest,
        string requestId,
        CancellationToken cancellationToken
    )
        where TResponse : IMessage<TResponse>, new()
    {
        var receipt = await db.Set<RequestReceipt>()
            .AsNoTracking()
            .SingleOrDefaultAsync(r => r.TenantId == tenant && r.RequestId == id, cancellationToken);
        // Without an answer, or hidden: the person it spoke of was forgotten, or has processing restricted.
        if (receipt?.Response is null || !receipt.RequestDigest.AsSpan().SequenceEqual(digest))
        {
            throw GeneralErrors.RequestIdReused(requestId);
        }

        var plain = keys.For(tenant).Decrypt(receipt.Response, "receipt", id);
        return new MessageParser<TResponse>(() => new TResponse()).ParseFrom(plain);
    }
}

/// <summary>The answer that a change once got.</summary>
internal sealed class RequestReceipt
{
    public Guid TenantId { get; private init; }

    public Guid RequestId { get; private init; }

    public byte[] RequestDigest { get; private init; } = [];

    public byte[]? Response { get; private init; }

    /// <summary>The person that the answer speaks of.</summary>
    public Guid? PersonId { get; private init; }

    public Instant CreateTime { get; private init; }
}
