using Kalisecu.Compliance;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>Tells each recipient of the data (GDPR art. 19): a row for each, and a letter where the register knows an address.</summary>
internal sealed class RecipientNotices(PersonDirectory persons, NoticeLetter letters, IClock clock)
{
    /// <summary>The address by which recipients know a person: asked before a correction may change it.</summary>
    public async Task<string> KnownAsAsync(KalisecuDb db, PersonRef person, CancellationToken cancellationToken) =>
        (await persons.IdentityAsync(db, person, cancellationToken))?.Email ?? "";

    /// <summary>Writes rows and letters, in the transaction of their cause.</summary>
    public async Task<IReadOnlyList<RecipientNotice>> WriteAsync(
        KalisecuDb db,
        RightsCase rights,
        NoticeFacts facts,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        var notices = new List<RecipientNotice>();
        foreach (var (recipient, knowsPersons) in Companies(await Processors.CurrentAsync(db, cancellationToken)))
        {
            var letterKey = await letters.PostAsync(db, rights, facts, recipient, knowsPersons, cancellationToken);
            notices.Add(RecipientNotice.Of(rights, facts, recipient.LegalName, letterKey, now));
        }

        db.AddRange(notices);
        await db.SaveChangesAsync(cancellationToken);
        return notices;
    }

    /// <summary>
    /// A company of several entries is told once, where it has an address; it knows persons when one of its entries does more
    /// than keep what we have sealed.
    /// </summary>
    private static IEnumerable<(Processor Entry, bool KnowsPersons)> Companies(IEnumerable<Processor> processors) =>
        processors
            .GroupBy(p => p.LegalName, StringComparer.Ordinal)
            .Select(entries =>
                (
                    entries
                        .OrderBy(p => p.PrivacyContact.Length == 0)
                        .ThenBy(p => p.Role is ProcessorRole.Hosting)
                        .ThenBy(p => p.Name, StringComparer.Ordinal)
                        .First(),
                    entries.Any(p => p.Role is not ProcessorRole.Hosting)
                )
            );
}
