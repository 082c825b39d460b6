using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Kalisecu.Consent;

/// <summary>Verifies a receipt with published keys alone: no server, no database.</summary>
internal static class ReceiptVerification
{
    [SuppressMessage(
        "Security",
        "CA5404",
        Justification = "A receipt is no token: it proves what was, names no audience and does not run out"
    )]
    public static async Task<VerifiedReceipt> RunAsync(string receipt, string keySet)
    {
        IList<SecurityKey> keys;
        try
        {
            keys = new JsonWebKeySet(keySet).GetSigningKeys();
        }
        catch (ArgumentException)
        {
            return VerifiedReceipt.Not("the keys are no JSON Web Key Set");
        }

        if (keys.Count == 0)
        {
            return VerifiedReceipt.Not("there is no key that signs in the key set");
        }

        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            receipt.Trim(),
            new TokenValidationParameters
            {
                IssuerSigningKeys = keys,
                // One algorithm, whatever the receipt itself says.
                ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
                ValidTypes = [ReceiptKeys.Type],
                TryAllIssuerSigningKeys = false,
                ValidateIssuer = false,
                ValidateAudience = false,
                ValidateLifetime = false,
                RequireExpirationTime = false,
            }
        );
        return result.IsValid
            ? VerifiedReceipt.Of((JsonWebToken)result.SecurityToken)
            : VerifiedReceipt.Not(
                result.Exception is SecurityTokenSignatureKeyNotFoundException
                    ? "it was not signed with one of these keys"
                    : "its signature does not fit: it was changed, or is no receipt"
            );
    }
}

/// <summary>What a verification found.</summary>
/// <param name="Problem">null when the signature holds</param>
/// <param name="KeyId">The key that signed.</param>
/// <param name="Content">What the receipt says.</param>
internal sealed record VerifiedReceipt(string? Problem, string KeyId, JsonObject? Content)
{
    public static VerifiedReceipt Of(JsonWebToken token) =>
        new(null, token.Kid, JsonNode.Parse(Base64UrlEncoder.Decode(token.EncodedPayload))!.AsObject());

    public static VerifiedReceipt Not(string problem) => new(problem, "", null);
}
