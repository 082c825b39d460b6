using System.Text.Json.Nodes;
using Kalisecu.Letters;
using Kalisecu.Outbox;

namespace Kalisecu.Consent;

/// <summary>Who stands in every receipt: the controller (clause CTRL-1), the authority (RIGHT-8), and the recipients.</summary>
internal sealed class ReceiptParties(ControllerProfile controller)
{
    public const string Controller = "controller";
    public const string Authority = "supervisory_authority";

    public JsonArray Write(IEnumerable<string> recipients) =>
        new([
            new JsonObject
            {
                ["party_id"] = Controller,
                ["party_name"] = controller.Name,
                ["party_role"] = "controller",
                ["party_type"] = "company",
                ["party_registration"] = "SIREN " + controller.SirenInGroups,
                ["party_address"] = controller.PostalAddress,
                ["party_contact"] = controller.Email,
            },
            new JsonObject
            {
                ["party_id"] = Authority,
                ["party_name"] = SupervisoryAuthority.Name,
                ["party_role"] = "authority",
                ["party_address"] = SupervisoryAuthority.Address,
            },
            .. recipients.Select(name => new JsonObject
            {
                ["party_id"] = name,
                ["party_name"] = name,
                ["party_role"] = "processor",
            }),
        ]);

    public string WithdrawalMethod(Language language) =>
        language switch
        {
            Language.Fr =>
                $"En un geste dans votre espace client, par le lien de désinscription ou par e-mail à {controller.Email}",
            Language.En =>
                $"In one step on your dashboard, by the link to unsubscribe or by e-mail to {controller.Email}",
            _ => throw new InvalidOperationException($"No language: {language}"),
        };
}
