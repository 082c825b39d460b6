using Kalisecu.Compliance;
using Kalisecu.Outbox;
using NodaTime;

namespace Kalisecu.Letters;

/// <summary>
/// Clause CTRL-1: the profile is the policy's, and the closing of every letter names it. The closing is what the renderer puts
/// below each template, so a letter without it cannot be written.
/// </summary>
internal sealed class LetterControllerCheck(LetterTemplates templates, ControllerProfile controller) : IClauseCheck
{
    // Clause CTRL-1.
    private static readonly ControllerProfile Promised = new();

    public string ClauseId => "CTRL-1";

    public string Name => "letters";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) => Task.FromResult(Look());

    private ClauseFinding Look()
    {
        if (
            (controller.Name, controller.PostalAddress, controller.Siren, controller.Email)
            != (Promised.Name, Promised.PostalAddress, Promised.Siren, Promised.Email)
        )
        {
            return ClauseFinding.Broken("The settings name another controller than the policy does.");
        }

        foreach (var language in Enum.GetValues<Language>())
        {
            var closing = templates.Closing(language);
            if (
                new[] { controller.Name, controller.PostalAddress, controller.SirenInGroups, controller.Email }.Any(
                    fact => !closing.Contains(fact, StringComparison.Ordinal)
                )
            )
            {
                return ClauseFinding.Broken($"The closing of letters in {language} does not name the controller.");
            }
        }

        return ClauseFinding.Holds(
            $"All {LetterTemplates.Names.Count} letters close with {controller.Name}, in both languages.",
            ("letters", LetterTemplates.Names.Count)
        );
    }
}
