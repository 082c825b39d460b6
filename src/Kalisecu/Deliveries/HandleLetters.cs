using Kalisecu.Errors;
using Kalisecu.Evidence;
using Kalisecu.Keys;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Deliveries;

/// <summary>What staff does with letters: finds them, reads one, tries a dead one again, marks one that came back.</summary>
internal sealed class HandleLetters(KeyRing keys, EvidenceLog evidence, IClock clock)
{
    public static Task<List<Letter>> ListAsync(KalisecuDb db, LetterQuery query, CancellationToken cancellationToken)
    {
        var letters = db.Set<Letter>().AsNoTracking();
        letters = query.States.Count > 0 ? letters.Where(l => query.States.Contains(l.State)) : letters;
        letters = query.Kind.Length > 0 ? letters.Where(l => l.Kind == query.Kind) : letters;
        letters = query.PersonId is { } person ? letters.Where(l => l.PersonId == person) : letters;
        letters = query.CauseId is { } cause ? letters.Where(l => l.CauseId == cause) : letters;
        if (query.Page.After is { } after)
        {
            var last = ValueTuple.Create(Moment.ReadKey(after[0]), PageKeys.Id(after[1]));
            letters = letters.Where(l => EF.Functions.LessThan(ValueTuple.Create(l.CreateTime, l.LetterId), last));
        }

        return letters
            .OrderByDescending(l => l.CreateTime)
            .ThenByDescending(l => l.LetterId)
            .Take(query.Page.Size + 1)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Address and text, in clear; that they were read is evidence.</summary>
    public async Task<V1.LetterContent> ReadAsync(
        KalisecuDb db,
        Letter letter,
        string reason,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var key = keys.For(letter.TenantId);
        var content = new V1.LetterContent
        {
            Recipient = key.DecryptText(letter.Recipient, "recipient", letter.LetterId),
            Subject = key.DecryptText(letter.Subject, "subject", letter.LetterId),
            Text = key.DecryptText(letter.TextBody, "text_body", letter.LetterId),
            Html = letter.HtmlBody is { } html ? key.DecryptText(html, "html_body", letter.LetterId) : "",
        };
        await RecordAsync(db, "letter.read", letter, actor, cancellationToken, Digests.OfText(reason));
        return content;
    }

    public async Task RetryAsync(KalisecuDb db, Letter letter, string actor, CancellationToken cancellationToken)
    {
        letter.Retry(clock.GetCurrentInstant());
        await db.SaveChangesAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"select pg_notify({LetterBox.Channel}, '')", cancellationToken);
        await RecordAsync(db, "letter.retried", letter, actor, cancellationToken);
    }

    public async Task BounceAsync(
        KalisecuDb db,
        Letter letter,
        string reason,
        string actor,
        CancellationToken cancellationToken
    )
    {
        if (letter.Bounce(reason, clock.GetCurrentInstant()))
        {
            await db.SaveChangesAsync(cancellationToken);
            await RecordAsync(db, "letter.bounced", letter, actor, cancellationToken);
        }
    }

    public static async Task<Letter> FindAsync(KalisecuDb db, Guid letterId, CancellationToken cancellationToken) =>
        await db.Set<Letter>().SingleOrDefaultAsync(l => l.LetterId == letterId, cancellationToken)
        ?? throw GeneralErrors.NotFound("letter", letterId);

    private Task RecordAsync(
        KalisecuDb db,
        string kind,
        Letter letter,
        string actor,
        CancellationToken cancellationToken,
        string? reasonDigest = null
    ) =>
        evidence.AppendAsync(
            db,
            kind,
            letter.LetterId,
            actor,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["letter_kind"] = letter.Kind,
                ["reason_digest"] = reasonDigest,
            },
            cancellationToken
        );
}
