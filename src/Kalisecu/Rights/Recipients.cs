using Kalisecu.Outbox;
using Kalisecu.Persistence;

namespace Kalisecu.Rights;

/// <summary>Who receives personal data from us, by name: the register of sub-processors (clause SUB-1).</summary>
internal sealed class Recipients
{
    private readonly List<(string Name, string Country, string French, string English)> _all =
    [
        ("OVH SAS", "France", "hébergement", "hosting"),
        ("Scaleway SAS", "France", "hébergement", "hosting"),
        ("Stripe Payments Europe Ltd", "Irlande", "paiement", "payment"),
        ("Brevo SAS", "France", "envoi d'e-mails", "sending e-mails"),
        ("Yousign SAS", "France", "signature électronique", "electronic signature"),
    ];

    public Task<IReadOnlyList<ExportRecipient>> ListAsync(
        KalisecuDb db,
        Language language,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(db);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<ExportRecipient>>([
            .. _all.Select(r => new ExportRecipient(r.Name, r.Country, ExportWords.In(language, r.French, r.English))),
        ]);
    }
}
