using Kalisecu.Letters;
using Kalisecu.Persistence;
using Kalisecu.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Kalisecu.Policies;

/// <summary>
/// Publishes a draft; a substantial change tells every member of every client in the same transaction, so that nobody is told
/// of what was not published and nothing is published that nobody is told of (clause POL-2).
/// </summary>
internal sealed class PublishPolicy(
    PolicyVersions versions,
    TellMembers tellMembers,
    ControllerProfile controller,
    IClock clock,
    ILogger<PublishPolicy> log
)
{
    /// <summary>Works platform-wide.</summary>
    public async Task<PolicyVersion> RunAsync(
        KalisecuDb db,
        uint number,
        string etag,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var version = await PolicyVersions.LockAsync(db, number, cancellationToken);
        Etag.Require(etag, version.Version, "policy version");
        version.RequireDraft();
        var now = clock.GetCurrentInstant();
        await RequireCompleteAsync(db, version, Paris.DateOf(now), cancellationToken);

        var recipients = version.Substantial ? await tellMembers.RunAsync(db, version, now, cancellationToken) : 0;

        // The letters went through the mapper in batches, which it has forgotten since, and the version with them.
        version = await PolicyVersions.LockAsync(db, number, cancellationToken);
        version.Publish(recipients, now);
        await db.SaveChangesAsync(cancellationToken);
        await versions.RecordAsync(db, "policy.published", version, actor, cancellationToken);
        PolicyLog.Published(log, version.Number, version.RecipientCount);
        return version;
    }

    private async Task RequireCompleteAsync(
        KalisecuDb db,
        PolicyVersion version,
        LocalDate today,
        CancellationToken cancellationToken
    )
    {
        if (version.SummaryFr.Length == 0 || version.SummaryEn.Length == 0)
        {
            throw PolicyErrors.Incomplete(version, "the summary of changes in both languages");
        }

        if (
            !PolicyText.NamesController(version.TextFr, controller)
            || !PolicyText.NamesController(version.TextEn, controller)
        )
        {
            throw PolicyErrors.Incomplete(version, "the controller's name, SIREN and e-mail address in both texts");
        }

        var last = await PolicyVersions.Published(db).MaxAsync(v => (LocalDate?)v.EffectDate, cancellationToken);
        var earliest = last is { } before && before >= today ? before.PlusDays(1) : today;
        if (version.EffectDate < earliest)
        {
            throw PolicyErrors.EffectDateNotAllowed(version, earliest);
        }
    }
}
