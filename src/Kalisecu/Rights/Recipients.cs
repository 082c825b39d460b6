using Kalisecu.Compliance;
using Kalisecu.Outbox;
using Kalisecu.Persistence;

namespace Kalisecu.Rights;

/// <summary>Who receives personal data from us, by name: the register of processors (clause SUB-1).</summary>
internal sealed class Recipients
{
#pragma warning disable CA1822 // A service like those beside it; what it reads is the transaction's.
    public async Task<IReadOnlyList<ExportRecipient>> ListAsync(
#pragma warning restore CA1822
        KalisecuDb db,
        Language language,
        CancellationToken cancellationToken
    ) =>
        [
            .. (await Processors.CurrentAsync(db, cancellationToken)).Select(p => new ExportRecipient(
                p.LegalName,
                RegisterWords.Country(p.Country, language),
                RegisterWords.Of(p.Role, language)
            )),
        ];
}
