using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Compliance;

/// <summary>Clause SUB-2: the register holds a signed agreement for every processor.</summary>
internal sealed class AgreementCheck(AllTenants allTenants) : IClauseCheck
{
    public string ClauseId => "SUB-2";

    public string Name => "agreements";

    public async Task<ClauseFinding> CheckAsync(Instant now, CancellationToken cancellationToken)
    {
        var register = await allTenants.RunAsync(
            db => Processors.CurrentAsync(db, cancellationToken),
            cancellationToken
        );
        var without = register.Where(p => !p.HasAgreement).Select(p => p.Name).ToList();
        (string, long)[] figures = [("processors", register.Count), ("without_agreement", without.Count)];
        return without.Count > 0
                ? ClauseFinding.Unproven(
                    $"No signed agreement is recorded of {string.Join(", ", without)}; that one exists elsewhere is not seen here.",
                    figures
                )
            : register.Count == 0 ? ClauseFinding.Unproven("The register of processors is empty.", figures)
            : ClauseFinding.Holds($"The signed agreements of all {register.Count} processors are recorded.", figures);
    }
}
