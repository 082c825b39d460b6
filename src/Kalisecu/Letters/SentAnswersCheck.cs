using Kalisecu.Compliance;
using Kalisecu.Errors;
using Kalisecu.Keys;
using Kalisecu.Outbox;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Letters;

/// <summary>Clause RIGHT-8: the newest letters that answered privacy requests say it, whatever template they came from.</summary>
internal sealed class SentAnswersCheck(AllTenants allTenants, KeyRing keys) : IClauseCheck
{
    private const int Newest = 20;

    private const string OfRequests = "privacy_request.";

    // They go to our own staff.
    private static readonly string[] ToStaff = [OfRequests + "reminder", OfRequests + "overdue"];

    public string ClauseId => "RIGHT-8";

    public string Name => "written-answers";

    public async Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken)
    {
        var letters = await allTenants.RunAsync(
            db =>
                db.Set<Letter>()
                    .AsNoTracking()
                    .Where(l => l.Kind.StartsWith(OfRequests) && !ToStaff.Contains(l.Kind))
                    .OrderByDescending(l => l.CreateTime)
                    .ThenByDescending(l => l.LetterId)
                    .Take(Newest)
                    .ToListAsync(cancellationToken),
            cancellationToken
        );
        var silent = letters.FirstOrDefault(l =>
            TextOf(l) is { } text && !text.Contains(SupervisoryAuthority.Address, StringComparison.Ordinal)
        );
        return silent is null
            ? ClauseFinding.Holds(
                $"The newest {letters.Count} letters that were written about privacy requests name the CNIL and its address.",
                ("letters", letters.Count)
            )
            : ClauseFinding.Broken(
                $"The letter {silent.LetterId:D} about a privacy request does not name the CNIL and its address.",
                ("letters", letters.Count)
            );
    }

    /// <summary>null where its client's key was destroyed: nobody can read it any more.</summary>
    private string? TextOf(Letter letter)
    {
        try
        {
            return keys.For(letter.TenantId).DecryptText(letter.TextBody, "text_body", letter.LetterId);
        }
        catch (Refusal)
        {
            return null;
        }
    }
}
