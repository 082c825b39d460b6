using System.Text.Json.Nodes;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using Kalisecu.Time;
using NodaTime.Text;

namespace Kalisecu.Consent;

/// <summary>
/// What a receipt says, in the sections of ISO/IEC TS 27560:2023, 6.3: header, PII processing, party identification, event.
/// </summary>
internal sealed class ConsentReceipt(ReceiptParties parties)
{
    public const string SchemaVersion = "ISO-IEC-TS-27560:2023/kalisecu-1";

    public JsonObject Write(ConsentEvent recorded, PurposeVersion purpose, IReadOnlyList<ConsentEvent> events) =>
        new()
        {
            ["header"] = new JsonObject
            {
                ["schema_version"] = SchemaVersion,
                ["record_id"] = recorded.EventId.ToString("D"),
                ["pii_principal_id"] = recorded.PersonId.ToString("D"),
            },
            ["pii_processing"] = WriteProcessing(recorded, purpose),
            ["party_identification"] = parties.Write(purpose.Recipients),
            ["events"] = new JsonArray([.. events.Select(WriteEvent)]),
        };

    private JsonObject WriteProcessing(ConsentEvent recorded, PurposeVersion purpose)
    {
        var text = purpose.TextIn(recorded.Language);
        return new JsonObject
        {
            ["language"] = Code(recorded.Language),
            ["jurisdiction"] = "FR",
            ["privacy_notice"] = new JsonObject
            {
                ["title"] = text.Title,
                ["text"] = text.Text,
                ["version"] = recorded.TextVersion,
                ["digest_sha256"] = Convert.ToHexStringLower(recorded.TextDigest),
            },
            // The policy has versions of its own; this names the one that was in force when the text was shown.
            ["policy"] = new JsonObject
            {
                ["party_id"] = ReceiptParties.Controller,
                ["in_force_on"] = LocalDatePattern.Iso.Format(Paris.DateOf(recorded.EventTime)),
            },
            ["purposes"] = new JsonArray(
                new JsonObject
                {
                    ["purpose"] = purpose.Purpose,
                    ["lawful_basis"] = Basis(purpose.LegalBasis),
                    ["pii_information"] = new JsonArray([
                        .. purpose.DataCategories.Select(c => new JsonObject { ["pii_type"] = c }),
                    ]),
                    ["pii_controllers"] = new JsonArray(ReceiptParties.Controller),
                    ["recipient_third_parties"] = new JsonArray([
                        .. purpose.Recipients.Select(r => (JsonNode)JsonValue.Create(r)),
                    ]),
                    ["storage_locations"] = new JsonArray("FR"),
                    ["retention_period"] = text.Retention,
                    ["withdrawal_method"] = parties.WithdrawalMethod(recorded.Language),
                    ["authority_party"] = ReceiptParties.Authority,
                }
            ),
        };
    }

    private static JsonObject WriteEvent(ConsentEvent recorded) =>
        new()
        {
            ["event_id"] = recorded.EventId.ToString("D"),
            ["event_time"] = InstantPattern.ExtendedIso.Format(recorded.EventTime),
            ["record_time"] = InstantPattern.ExtendedIso.Format(recorded.RecordTime),
            ["validity_end"] = recorded.ExpireTime is { } expires ? InstantPattern.ExtendedIso.Format(expires) : null,
            ["event_type"] = "explicit",
            ["event_state"] = recorded.Kind.ToString().ToLowerInvariant(),
            ["entity_id"] = recorded.Actor,
            ["method"] = recorded.Channel.ToString().ToLowerInvariant(),
            ["notice_version"] = recorded.TextVersion,
            ["digest_sha256"] = Convert.ToHexStringLower(recorded.Digest),
        };

    private static string Code(Language language) => language.ToString().ToLowerInvariant();

    private static string Basis(LegalBasis basis) =>
        basis switch
        {
            LegalBasis.Consent => "GDPR art. 6(1)(a), consent",
            LegalBasis.Contract => "GDPR art. 6(1)(b), contract",
            LegalBasis.LegalObligation => "GDPR art. 6(1)(c), legal obligation",
            LegalBasis.LegitimateInterest => "GDPR art. 6(1)(f), legitimate interest",
            _ => throw new InvalidOperationException($"No basis: {basis}"),
        };
}
