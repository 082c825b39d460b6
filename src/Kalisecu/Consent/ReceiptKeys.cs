using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kalisecu.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Kalisecu.Consent;

/// <summary>The key that receipts are signed with, and the public keys that anyone verifies them with: former ones too.</summary>
internal sealed partial class ReceiptKeys : IDisposable
{
    public const string Type = "consent-receipt+jws";

    private static readonly Dictionary<string, object> Header = new(StringComparer.Ordinal)
    {
        [JwtHeaderParameterNames.Typ] = Type,
    };

    private readonly List<ECDsa> _keys = [];
    private readonly SigningCredentials _credentials;

    public ReceiptKeys(ServerSettings settings)
    {
        var signing = Load(File.ReadAllText(settings.Receipts.SigningKey), settings.Receipts.SigningKey);
        var former = settings.Receipts.FormerKeys is { Length: > 0 } file
            ? PublicKeys().Matches(File.ReadAllText(file)).Select(match => Load(match.Value, file))
            : [];
        var published = new JsonArray([Publish(signing), .. former.Select(Publish)]);
        _credentials = new SigningCredentials(
            new ECDsaSecurityKey(signing) { KeyId = KeyId(signing) },
            SecurityAlgorithms.EcdsaSha256
        );
        Published = new JsonObject { ["keys"] = published }.ToJsonString();
    }

    /// <summary>A JSON Web Key Set (RFC 7517).</summary>
    public string Published { get; }

    /// <summary>A compact JWS (RFC 7515) over a payload.</summary>
    public string Sign(JsonObject payload) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            payload.ToJsonString(),
            _credentials,
            Header
        );

    /// <summary>Makes a key for a new platform, as PEM.</summary>
    public static string CreatePem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    public void Dispose() => _keys.ForEach(k => k.Dispose());

    private ECDsa Load(string pem, string file)
    {
        var key = ECDsa.Create();
        _keys.Add(key);
        try
        {
            key.ImportFromPem(pem);
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            throw new InvalidDataException($"{file} holds no key in PEM.", exception);
        }

        return key.KeySize == 256
            ? key
            : throw new InvalidDataException(
                $"{file} must hold keys on the curve P-256: receipts are signed with ES256."
            );
    }

    private static JsonObject Publish(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["kty"] = "EC",
            ["use"] = "sig",
            ["alg"] = SecurityAlgorithms.EcdsaSha256,
            ["kid"] = KeyId(key),
            ["crv"] = "P-256",
            ["x"] = Base64UrlEncoder.Encode(point.X),
            ["y"] = Base64UrlEncoder.Encode(point.Y),
        };
    }

    // RFC 7638: from the key itself, so that nobody has to number keys.
    private static string KeyId(ECDsa key) => Base64UrlEncoder.Encode(new ECDsaSecurityKey(key).ComputeJwkThumbprint());

    [GeneratedRegex(
        "-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex PublicKeys();
}
