using Kalisecu.Outbox;
using Kalisecu.Persistence;

namespace Kalisecu.Compliance;

/// <summary>The words of the registers, French first. A switch names every value and throws on the rest.</summary>
internal static class RegisterWords
{
    public static string Of(Purpose purpose, Language language) =>
        purpose switch
        {
            Purpose.Service => Pick(language, "Exécuter la prestation", "Performing the service"),
            Purpose.Invoicing => Pick(language, "Facturer", "Invoicing"),
            Purpose.Communication => Pick(
                language,
                "Échanger dans le cadre du contrat",
                "Communicating within the contract"
            ),
            Purpose.Support => Pick(language, "Assister", "Support"),
            Purpose.Improvement => Pick(language, "Améliorer le service", "Improving the service"),
            Purpose.Security => Pick(
                language,
                "Protéger la plateforme et prévenir la fraude",
                "Securing the platform and preventing fraud"
            ),
            _ => throw new InvalidOperationException($"No purpose: {purpose}"),
        };

    public static string Of(LegalBasis basis, Language language) =>
        basis switch
        {
            LegalBasis.Consent => Pick(language, "Consentement (art. 6.1.a)", "Consent (art. 6.1.a)"),
            LegalBasis.Contract => Pick(language, "Contrat (art. 6.1.b)", "Contract (art. 6.1.b)"),
            LegalBasis.LegalObligation => Pick(
                language,
                "Obligation légale (art. 6.1.c)",
                "Legal obligation (art. 6.1.c)"
            ),
            LegalBasis.LegitimateInterest => Pick(
                language,
                "Intérêt légitime (art. 6.1.f)",
                "Legitimate interest (art. 6.1.f)"
            ),
            _ => throw new InvalidOperationException($"No basis: {basis}"),
        };

    public static string Of(PersonKind person, Language language) =>
        person switch
        {
            PersonKind.Member => Pick(language, "Membres d'un client", "Members of a client"),
            PersonKind.Staff => Pick(language, "Personnel de Kalisecu", "Staff of Kalisecu"),
            PersonKind.Prospect => Pick(language, "Prospects", "Prospects"),
            PersonKind.Contact => Pick(language, "Contacts d'un client", "Contacts of a client"),
            _ => throw new InvalidOperationException($"No kind of person: {person}"),
        };

    public static string Of(DataCategory category, Language language) =>
        category switch
        {
            DataCategory.Identity => Pick(language, "Identité", "Identity"),
            DataCategory.Contact => Pick(language, "Coordonnées", "Contact details"),
            DataCategory.Professional => Pick(language, "Vie professionnelle", "Professional life"),
            DataCategory.Credentials => Pick(language, "Identifiants", "Credentials"),
            DataCategory.Connection => Pick(language, "Connexion", "Connection"),
            DataCategory.Activity => Pick(language, "Activité sur la plateforme", "Activity on the platform"),
            _ => throw new InvalidOperationException($"No category: {category}"),
        };

    public static string Of(DataSource source, Language language) =>
        source switch
        {
            DataSource.Person => Pick(language, "La personne", "The person"),
            DataSource.Client => Pick(language, "Le client", "The client"),
            DataSource.Staff => Pick(language, "Le personnel de Kalisecu", "Staff of Kalisecu"),
            DataSource.System => Pick(language, "La plateforme", "The platform"),
            _ => throw new InvalidOperationException($"No source: {source}"),
        };

    public static string Of(RetentionRule rule, Language language) =>
        rule switch
        {
            RetentionRule.Contract => Pick(language, "Durée du contrat", "As long as the contract runs"),
            RetentionRule.TechnicalData => Pick(
                language,
                "12 mois après la fin de l'abonnement",
                "12 months after the subscription ends"
            ),
            RetentionRule.Logs => Pick(language, "12 mois au plus", "12 months at most"),
            RetentionRule.Prospect => Pick(language, "3 ans après le dernier contact", "3 years from the last contact"),
            RetentionRule.Invoices => Pick(
                language,
                "10 ans après la clôture de l'exercice",
                "10 years from the close of the financial year"
            ),
            RetentionRule.Proof => Pick(language, "5 ans à titre de preuve", "5 years as proof"),
            RetentionRule.Employment => Pick(
                language,
                "Durée du travail chez Kalisecu, puis 12 mois au plus",
                "As long as the person works for Kalisecu, then 12 months at most"
            ),
            _ => throw new InvalidOperationException($"No retention rule: {rule}"),
        };

    public static string Of(ProcessorRole role, Language language) =>
        role switch
        {
            ProcessorRole.Hosting => Pick(language, "Hébergement", "Hosting"),
            ProcessorRole.Payment => Pick(language, "Paiement", "Payment"),
            ProcessorRole.Email => Pick(language, "Courriel transactionnel", "Transactional e-mail"),
            ProcessorRole.Signature => Pick(language, "Signature électronique", "Electronic signature"),
            ProcessorRole.Other => Pick(language, "Autre", "Other"),
            _ => throw new InvalidOperationException($"No role of a processor: {role}"),
        };

    /// <summary>A country by its name where it is one of the policy's, else by its code (ISO 3166-1).</summary>
    public static string Country(string code, Language language) =>
        code switch
        {
            "FR" => "France",
            "IE" => Pick(language, "Irlande", "Ireland"),
            _ => code,
        };

    public static string Pick(Language language, string french, string english) =>
        language switch
        {
            Language.Fr => french,
            Language.En => english,
            _ => throw new InvalidOperationException($"No language: {language}"),
        };
}
