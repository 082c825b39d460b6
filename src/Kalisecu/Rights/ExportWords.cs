using Kalisecu.Outbox;
using Kalisecu.Persistence;

namespace Kalisecu.Rights;

/// <summary>What the classification of columns means, in words that a person understands.</summary>
internal static class ExportWords
{
    public static string Of(Purpose purpose, Language language) =>
        purpose switch
        {
            Purpose.Service => In(
                language,
                "Réaliser l'audit ou la surveillance et le rapport",
                "Performing the audit or monitoring and its report"
            ),
            Purpose.Invoicing => In(language, "Facturation", "Invoicing"),
            Purpose.Communication => In(
                language,
                "Communication liée au contrat et à vos demandes",
                "Communication on the contract and on your requests"
            ),
            Purpose.Support => In(language, "Assistance", "Support"),
            Purpose.Improvement => In(language, "Amélioration du service", "Improving the service"),
            Purpose.Security => In(
                language,
                "Sécurité de la plateforme et prévention de la fraude",
                "Security of the platform and prevention of fraud"
            ),
            _ => throw new InvalidOperationException($"No words for {purpose}."),
        };

    public static string Of(LegalBasis basis, Language language) =>
        basis switch
        {
            LegalBasis.Consent => In(
                language,
                "votre consentement (RGPD, art. 6.1.a)",
                "your consent (GDPR art. 6(1)(a))"
            ),
            LegalBasis.Contract => In(language, "le contrat (RGPD, art. 6.1.b)", "the contract (GDPR art. 6(1)(b))"),
            LegalBasis.LegalObligation => In(
                language,
                "une obligation légale (RGPD, art. 6.1.c)",
                "a legal obligation (GDPR art. 6(1)(c))"
            ),
            LegalBasis.LegitimateInterest => In(
                language,
                "notre intérêt légitime (RGPD, art. 6.1.f)",
                "our legitimate interest (GDPR art. 6(1)(f))"
            ),
            _ => throw new InvalidOperationException($"No words for {basis}."),
        };

    public static string Of(DataCategory category, Language language) =>
        category switch
        {
            DataCategory.Identity => In(language, "identité", "identity"),
            DataCategory.Contact => In(language, "coordonnées", "contact details"),
            DataCategory.Professional => In(language, "vie professionnelle", "professional life"),
            DataCategory.Credentials => In(language, "identifiants de connexion", "sign-in credentials"),
            DataCategory.Connection => In(language, "données de connexion", "connection data"),
            DataCategory.Activity => In(
                language,
                "activité sur la plateforme et échanges avec nous",
                "activity on the platform and exchanges with us"
            ),
            _ => throw new InvalidOperationException($"No words for {category}."),
        };

    public static string Of(DataSource source, Language language) =>
        source switch
        {
            DataSource.Person => In(language, "vous-même", "yourself"),
            DataSource.Client => In(
                language,
                "l'entreprise cliente à laquelle vous êtes rattaché",
                "the client company that you belong to"
            ),
            DataSource.Staff => In(language, "l'équipe Kalisecu", "the Kalisecu team"),
            DataSource.System => In(
                language,
                "la plateforme, par votre utilisation",
                "the platform, from your use of it"
            ),
            _ => throw new InvalidOperationException($"No words for {source}."),
        };

    public static string Of(RetentionRule rule, Language language) =>
        rule switch
        {
            RetentionRule.Contract => In(language, "tant que le contrat est en cours", "as long as the contract runs"),
            RetentionRule.TechnicalData => In(
                language,
                "jusqu'à douze mois après la fin de l'abonnement",
                "until twelve months after the subscription ends"
            ),
            RetentionRule.Logs => In(language, "douze mois au plus", "twelve months at most"),
            RetentionRule.Prospect => In(
                language,
                "trois ans après votre dernier contact",
                "three years after your last contact"
            ),
            RetentionRule.Invoices => In(
                language,
                "dix ans après la clôture de l'exercice (Code de commerce, art. L123-22)",
                "ten years from the close of the financial year (Commercial Code, art. L123-22)"
            ),
            RetentionRule.Proof => In(
                language,
                "cinq ans, comme preuve (Code civil, art. 2224)",
                "five years, as proof (Civil Code, art. 2224)"
            ),
            RetentionRule.Employment => In(
                language,
                "tant que vous travaillez pour Kalisecu, puis douze mois au plus",
                "as long as you work for Kalisecu, then twelve months at most"
            ),
            _ => throw new InvalidOperationException($"No words for {rule}."),
        };

    public static string Confirmation(bool isHeld, Language language) =>
        isHeld
            ? In(
                language,
                "Nous traitons des données qui vous concernent. En voici la copie.",
                "We process data about you. This is the copy of it."
            )
            : In(language, "Nous ne détenons aucune donnée qui vous concerne.", "We hold no data about you.");

    public static string Transfers(Language language) =>
        In(
            language,
            "Aucun transfert vers un pays sans décision d'adéquation ; les données opérationnelles sont hébergées en France.",
            "No transfer to a country without an adequacy decision; operational data is hosted in France."
        );

    public static string Rights(Language language) =>
        In(
            language,
            "Vous pouvez demander la rectification ou l'effacement de vos données, la limitation de leur traitement, vous y opposer, et recevoir dans un format structuré celles que vous avez fournies.",
            "You may ask for your data to be corrected or erased, for its processing to be restricted, object to it, and receive in a structured format what you provided."
        );

    public static string AutomatedDecisions(Language language) =>
        In(
            language,
            "Aucune décision vous concernant n'est prise de façon automatisée, et aucun profil n'est établi.",
            "No decision about you is taken by automated means, and no profile of you is made."
        );

    public static string In(Language language, string french, string english) =>
        language switch
        {
            Language.Fr => french,
            Language.En => english,
            _ => throw new InvalidOperationException($"No language: {language}"),
        };
}
