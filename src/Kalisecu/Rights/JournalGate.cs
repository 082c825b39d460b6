using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Rights;

/// <summary>
/// Compares the journal with the database. A worker commits that it begins, and that it has completed, before it writes so
/// into the journal: a journal that knows more than the database proves that the database was restored from before.
/// </summary>
internal sealed class JournalGate(ErasureJournal journal, AllTenants allTenants, IClock clock)
{
    // One question to the database for so many entries.
    private const int BatchSize = 1000;

    /// <summary>The erasures that the database has forgotten; where there is none, a worker's mark moves to the journal's end.</summary>
    /// <param name="movesMark">Whether this process may: the server only asks.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <exception cref="InvalidDataException">The journal is broken, or not this database's.</exception>
    public Task<IReadOnlyList<JournalEntry>> FindForgottenAsync(bool movesMark, CancellationToken cancellationToken) =>
        allTenants.RunAsync(db => FindForgottenAsync(db, movesMark, cancellationToken), cancellationToken);

    private async Task<IReadOnlyList<JournalEntry>> FindForgottenAsync(
        KalisecuDb db,
        bool movesMark,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetCurrentInstant();
        var mark = await db.Set<JournalMark>().SingleOrDefaultAsync(cancellationToken);
        if (mark is null)
        {
            mark = JournalMark.AtStart(now);
            if (movesMark)
            {
                db.Add(mark);
            }
        }

        var forgotten = new Dictionary<Guid, JournalEntry>();
        var batch = new List<JournalEntry>(BatchSize);
        var (known, start) = (mark.EntryCount, mark.Hash);
        JournalLine? last = null;
        await foreach (var line in journal.ReadAsync(cancellationToken))
        {
            last = line;
            if (line.Number > known)
            {
                batch.Add(journal.Open(line));
                if (batch.Count == BatchSize)
                {
                    await CompareAsync(db, batch, forgotten, cancellationToken);
                }
            }
            else if (line.Number == known && !Convert.FromHexString(line.Hash).AsSpan().SequenceEqual(start))
            {
                throw new InvalidDataException("The journal of erasures is not the one of this database.");
            }
        }

        await CompareAsync(db, batch, forgotten, cancellationToken);
        if ((last?.Number ?? 0) < known)
        {
            throw new InvalidDataException(
                $"The journal of erasures has lost entries: the database knows {known} of them."
            );
        }

        if (movesMark && forgotten.Count == 0 && last is not null && last.Number > known)
        {
            mark.MoveTo(last, now);
            await db.SaveChangesAsync(cancellationToken);
        }

        return [.. forgotten.Values];
    }

    private static async Task CompareAsync(
        KalisecuDb db,
        List<JournalEntry> batch,
        Dictionary<Guid, JournalEntry> forgotten,
        CancellationToken cancellationToken
    )
    {
        if (batch.Count == 0)
        {
            return;
        }

        var ids = batch.Select(e => e.ErasureId).Distinct().ToList();
        var states = await db.Set<Erasure>()
            .AsNoTracking()
            .Where(e => ids.Contains(e.ErasureId))
            .Select(e => new { e.ErasureId, e.State })
            .ToDictionaryAsync(e => e.ErasureId, e => e.State, cancellationToken);
        foreach (var entry in batch)
        {
            var isKnown =
                states.TryGetValue(entry.ErasureId, out var state)
                && (
                    state is ErasureState.Completed
                    || (entry.Event is JournalEvent.Begun && state is ErasureState.Running)
                );
            if (!isKnown)
            {
                forgotten[entry.ErasureId] = entry;
            }
        }

        batch.Clear();
    }
}
