using Kalisecu.Outbox;
using Kalisecu.Persistence;

namespace Kalisecu.Breaches;

/// <summary>What breaches are called: in French for the CNIL, whose own terms these are; categories also in English, for letters.</summary>
internal static class BreachWords
{
    public static string Of(BreachNature nature) =>
        nature switch
        {
            BreachNature.Confidentiality => "perte de confidentialité",
            BreachNature.Integrity => "perte d'intégrité",
            BreachNature.Availability => "perte de disponibilité",
            _ => throw Unknown(nature),
        };

    public static string Of(BreachOrigin origin) =>
        origin switch
        {
            BreachOrigin.EquipmentLost => "équipement perdu ou volé",
            BreachOrigin.PaperLost => "papier perdu ou volé",
            BreachOrigin.MailLost => "courrier perdu ou ouvert avant réception",
            BreachOrigin.Hacking => "piratage, logiciel malveillant ou hameçonnage",
            BreachOrigin.PaperDiscarded => "mise au rebut de papier sans destruction",
            BreachOrigin.DeviceDiscarded => "mise au rebut d'un appareil sans effacement",
            BreachOrigin.Publication => "publication involontaire",
            BreachOrigin.WrongPerson => "données de la mauvaise personne affichées sur le portail",
            BreachOrigin.WrongRecipient => "données envoyées au mauvais destinataire",
            BreachOrigin.Verbal => "divulgation verbale",
            BreachOrigin.Other => "autre",
            _ => throw Unknown(origin),
        };

    public static string Of(BreachCause cause) =>
        cause switch
        {
            BreachCause.InternalMalicious => "acte interne malveillant",
            BreachCause.InternalAccidental => "acte interne accidentel",
            BreachCause.ExternalMalicious => "acte externe malveillant",
            BreachCause.ExternalAccidental => "acte externe accidentel",
            BreachCause.Unknown => "inconnue",
            BreachCause.Other => "autre",
            _ => throw Unknown(cause),
        };

    public static string Of(BreachData data) =>
        data switch
        {
            BreachData.CivilStatus => "état civil",
            BreachData.Nir => "NIR (numéro de sécurité sociale)",
            BreachData.Contact => "coordonnées",
            BreachData.Access => "données d'identification ou d'accès",
            BreachData.Financial => "données financières",
            BreachData.OfficialDocuments => "documents officiels",
            BreachData.Location => "données de localisation",
            BreachData.Offences => "infractions, condamnations, mesures de sûreté",
            BreachData.Unknown => "inconnues pour le moment",
            BreachData.Other => "autres",
            _ => throw Unknown(data),
        };

    public static string Of(BreachPersons persons) =>
        persons switch
        {
            BreachPersons.Employees => "employés",
            BreachPersons.Users => "utilisateurs",
            BreachPersons.Members => "adhérents",
            BreachPersons.Students => "étudiants ou élèves",
            BreachPersons.Military => "personnel militaire",
            BreachPersons.Clients => "clients actuels ou potentiels",
            BreachPersons.Patients => "patients",
            BreachPersons.Minors => "mineurs",
            BreachPersons.Vulnerable => "personnes vulnérables",
            BreachPersons.Undetermined => "pas encore déterminées",
            BreachPersons.Other => "autres",
            _ => throw Unknown(persons),
        };

    public static string Of(BreachHarm harm, Language language) =>
        (harm, language) switch
        {
            (BreachHarm.LossOfControl, Language.Fr) => "perte de contrôle sur ses données",
            (BreachHarm.LimitationOfRights, Language.Fr) => "limitation de ses droits",
            (BreachHarm.Discrimination, Language.Fr) => "discrimination",
            (BreachHarm.IdentityTheft, Language.Fr) => "vol d'identité",
            (BreachHarm.Fraud, Language.Fr) => "fraude",
            (BreachHarm.ReversalOfPseudonymisation, Language.Fr) => "levée non autorisée de la pseudonymisation",
            (BreachHarm.FinancialLoss, Language.Fr) => "pertes financières",
            (BreachHarm.Reputation, Language.Fr) => "atteinte à la réputation",
            (BreachHarm.ProfessionalSecrecy, Language.Fr) =>
                "perte de confidentialité de données protégées par un secret professionnel",
            (BreachHarm.Other, Language.Fr) => "autre",
            (BreachHarm.LossOfControl, Language.En) => "loss of control over one's data",
            (BreachHarm.LimitationOfRights, Language.En) => "limitation of one's rights",
            (BreachHarm.Discrimination, Language.En) => "discrimination",
            (BreachHarm.IdentityTheft, Language.En) => "identity theft",
            (BreachHarm.Fraud, Language.En) => "fraud",
            (BreachHarm.ReversalOfPseudonymisation, Language.En) => "unauthorised reversal of pseudonymisation",
            (BreachHarm.FinancialLoss, Language.En) => "financial loss",
            (BreachHarm.Reputation, Language.En) => "damage to reputation",
            (BreachHarm.ProfessionalSecrecy, Language.En) => "loss of professional secrecy",
            (BreachHarm.Other, Language.En) => "other",
            _ => throw Unknown(harm),
        };

    public static string Of(BreachSeverity severity) =>
        severity switch
        {
            BreachSeverity.Negligible => "négligeable",
            BreachSeverity.Limited => "limité",
            BreachSeverity.Significant => "important",
            BreachSeverity.Maximal => "maximal",
            _ => throw Unknown(severity),
        };

    public static string Of(BreachRisk risk) =>
        risk switch
        {
            BreachRisk.Unlikely => "risque improbable",
            BreachRisk.Risk => "risque",
            BreachRisk.High => "risque élevé",
            _ => throw Unknown(risk),
        };

    public static string Of(BreachState state) =>
        state switch
        {
            BreachState.Declared => "déclarée, prise de connaissance non encore décidée",
            BreachState.Aware => "en cours",
            BreachState.Closed => "close",
            BreachState.Dismissed => "écartée : pas une violation",
            _ => throw Unknown(state),
        };

    public static string Of(NotificationDecision decision) =>
        decision switch
        {
            NotificationDecision.Notify => "notifier la CNIL",
            NotificationDecision.NoRisk => "ne pas notifier : risque improbable (art. 33.1)",
            _ => throw Unknown(decision),
        };

    public static string Of(CommunicationDecision communication) =>
        communication switch
        {
            CommunicationDecision.Tell => "oui",
            CommunicationDecision.NoHighRisk => "non : pas de risque élevé (art. 34.1)",
            CommunicationDecision.Protected => "non : données incompréhensibles pour les tiers (art. 34.3.a)",
            CommunicationDecision.RiskAverted => "non : mesures ultérieures écartant le risque élevé (art. 34.3.b)",
            CommunicationDecision.Public => "communication publique : effort disproportionné (art. 34.3.c)",
            _ => throw Unknown(communication),
        };

    /// <summary>A category of the register of processing, as it stands in a search.</summary>
    public static string OfCategory(string category, Language language) =>
        (Enum.Parse<DataCategory>(category), language) switch
        {
            (DataCategory.Identity, Language.Fr) => "identité",
            (DataCategory.Contact, Language.Fr) => "coordonnées",
            (DataCategory.Professional, Language.Fr) => "vie professionnelle",
            (DataCategory.Credentials, Language.Fr) => "identifiants et moyens d'accès",
            (DataCategory.Connection, Language.Fr) => "données de connexion",
            (DataCategory.Activity, Language.Fr) => "échanges et activité",
            (DataCategory.Identity, Language.En) => "identity",
            (DataCategory.Contact, Language.En) => "contact details",
            (DataCategory.Professional, Language.En) => "professional life",
            (DataCategory.Credentials, Language.En) => "credentials",
            (DataCategory.Connection, Language.En) => "connection data",
            (DataCategory.Activity, Language.En) => "correspondence and activity",
            _ => throw new InvalidOperationException($"No words for {category} in {language}"),
        };

    /// <summary>A kind of person, as it stands in a search.</summary>
    public static string OfPersonKind(string kind) =>
        Enum.Parse<PersonKind>(kind) switch
        {
            PersonKind.Member => "utilisateurs des clients",
            PersonKind.Staff => "personnel",
            PersonKind.Prospect => "prospects",
            PersonKind.Contact => "contacts",
            _ => throw new InvalidOperationException($"No words for {kind}"),
        };

    private static InvalidOperationException Unknown<T>(T value)
        where T : struct, Enum => new($"No words for {value}");
}
