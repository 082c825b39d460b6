using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Compliance;

/// <summary>Clause SUB-3: no processor works in a country that is neither in the EEA nor covered by an adequacy decision.</summary>
internal sealed class AdequacyCheck(AllTenants allTenants) : IClauseCheck
{
    public string ClauseId => "SUB-3";

    public string Name => "countries";

    public async Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken)
    {
        var register = await allTenants.RunAsync(
            db => Processors.CurrentAsync(db, cancellationToken),
            cancellationToken
        );
        var wrong = register.Where(p => !p.IsAdequate).Select(p => $"{p.Name} ({p.Country})").ToList();
        return wrong.Count > 0
            ? ClauseFinding.Broken(
                $"{string.Join(", ", wrong)}: neither in the European Economic Area nor with an adequacy decision.",
                ("processors", register.Count),
                ("inadequate", wrong.Count)
            )
            : ClauseFinding.Holds(
                $"All {register.Count} processors are in the European Economic Area or have an adequacy decision, and the guard "
                    + "refuses every other host.",
                ("processors", register.Count),
                ("inadequate", 0)
            );
    }
}
