using Kalisecu.Compliance;
using Kalisecu.Outbox;
using NodaTime;

namespace Kalisecu.Letters;

/// <summary>Clause RIGHT-8: every answer to a privacy request names the CNIL and its address, in both languages.</summary>
internal sealed class LetterAuthorityCheck(LetterTemplates templates) : IClauseCheck
{
    private const string OfRequests = "privacy-request-";

    // It goes to our own staff.
    private const string Reminder = "privacy-request-reminder";

    public string ClauseId => "RIGHT-8";

    public string Name => "answers";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) => Task.FromResult(Look());

    private ClauseFinding Look()
    {
        var answers = LetterTemplates
            .Names.Where(n => n.StartsWith(OfRequests, StringComparison.Ordinal) && n is not Reminder)
            .ToList();
        foreach (var language in Enum.GetValues<Language>())
        {
            if (!templates.Complaint(language).Contains(SupervisoryAuthority.Address, StringComparison.Ordinal))
            {
                return ClauseFinding.Broken($"The words about the CNIL in {language} lack its address.");
            }

            if (answers.Find(n => !LetterTemplates.HasComplaint(n, language)) is { } silent)
            {
                return ClauseFinding.Broken($"The letter {silent} does not name the CNIL in {language}.");
            }
        }

        return answers.Count == 0
            ? ClauseFinding.Unproven("There is no letter that answers a request.")
            : ClauseFinding.Holds(
                $"All {answers.Count} letters that answer a privacy request name the CNIL and its address, in both languages.",
                ("letters", answers.Count)
            );
    }
}
