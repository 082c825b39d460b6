using Kalisecu.Compliance;
using Kalisecu.Letters;
using Kalisecu.Tenancy;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Kalisecu.Policies;

/// <summary>Clause CTRL-1: every published policy names the controller.</summary>
internal sealed class PolicyControllerCheck(AllTenants allTenants, ControllerProfile controller) : IClauseCheck
{
    public string ClauseId => "CTRL-1";

    public string Name => "published-policies";

    public Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken) =>
        allTenants.RunAsync(
            async db =>
            {
                var published = await PolicyVersions
                    .Published(db)
                    .OrderBy(v => v.Number)
                    .ToListAsync(cancellationToken);
                var wrong = published.Find(v =>
                    !PolicyText.NamesController(v.TextFr, controller)
                    || !PolicyText.NamesController(v.TextEn, controller)
                );
                return wrong is not null
                        ? ClauseFinding.Broken($"Version {wrong.Number} of the policy does not name the controller.")
                    : published.Count == 0 ? ClauseFinding.Unproven("No policy is published.")
                    : ClauseFinding.Holds(
                        $"All {published.Count} published policies name {controller.Name} in both languages.",
                        ("published", published.Count)
                    );
            },
            cancellationToken
        );
}
