using System.Collections.Frozen;
using Kalisecu.Outbox;

namespace Kalisecu.Rights;

/// <summary>Names of records and fields as people read them; a name that is not listed is shown as words.</summary>
internal static class ExportLabels
{
    private static readonly FrozenDictionary<string, (string French, string English)> Known = new Dictionary<
        string,
        (string, string)
    >(StringComparer.Ordinal)
    {
        ["first_name"] = ("Prénom", "First name"),
        ["last_name"] = ("Nom", "Last name"),
        ["display_name"] = ("Nom", "Name"),
        ["email"] = ("Adresse e-mail", "E-mail address"),
        ["phone"] = ("Téléphone", "Phone"),
        ["function"] = ("Fonction", "Function"),
        ["language"] = ("Langue", "Language"),
        ["role"] = ("Rôle", "Role"),
        ["state"] = ("État", "State"),
        ["kind"] = ("Type", "Kind"),
        ["purpose"] = ("Finalité", "Purpose"),
        ["company_name"] = ("Entreprise", "Company"),
        ["company_address"] = ("Adresse de l'entreprise", "Company's address"),
        ["website_url"] = ("Site web", "Website"),
        ["technologies"] = ("Technologies", "Technologies"),
        ["create_time"] = ("Créé le", "Created"),
        ["update_time"] = ("Modifié le", "Changed"),
        ["remove_time"] = ("Retiré le", "Removed"),
        ["expire_time"] = ("Expire le", "Expires"),
        ["access_time"] = ("Accès le", "Accessed"),
        ["entry_time"] = ("Inscrit le", "Recorded"),
        ["member"] = ("Compte client", "Client account"),
        ["person"] = ("Personne", "Person"),
        ["session"] = ("Session", "Session"),
        ["credential"] = ("Identifiants de connexion", "Sign-in credentials"),
        ["letter"] = ("Courrier", "Letter"),
        ["authorisation"] = ("Autorisation", "Authorisation"),
        ["access_entry"] = ("Accès à la plateforme", "Access to the platform"),
        ["consent_event"] = ("Consentement", "Consent"),
        ["privacy_request"] = ("Demande relative à vos données", "Request about your data"),
        ["data_export"] = ("Copie de vos données", "Copy of your data"),
        ["restriction"] = ("Limitation du traitement", "Restriction of processing"),
        ["objection"] = ("Opposition", "Objection"),
        ["recipient_notice"] = ("Information d'un destinataire", "Notice to a recipient"),
        ["recipient"] = ("Destinataire", "Recipient"),
        ["cause"] = ("Objet", "Cause"),
        ["by_letter"] = ("Par courrier", "By letter"),
        ["told_date"] = ("Informé le", "Told on"),
        ["rectification"] = ("Rectification", "Rectification"),
        ["grounds"] = ("Motifs", "Grounds"),
        ["field"] = ("Champ", "Field"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string Of(string name, Language language) =>
        Known.TryGetValue(name, out var words)
            ? ExportWords.In(language, words.French, words.English)
            : name.Replace('_', ' ');
}
