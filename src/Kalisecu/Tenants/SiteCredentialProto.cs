using System.Text;
using Kalisecu.Errors;
using Kalisecu.Tenancy;

namespace Kalisecu.Tenants;

internal static class SiteCredentialProto
{
    private const int MaximumSecretBytes = 4096;

    public static SiteCredentialDraft Read(V1.SetSiteCredentialRequest request)
    {
        var violations = new Violations();
        var loginUrl = request.LoginUrl.Length == 0 ? "" : WebAddress.NormalisePage(request.LoginUrl.Trim());
        violations.Check(loginUrl is not null, "login_url", "must be an http or https address, or empty");

        // A secret is taken as it is: white space may belong to it.
        violations.Check(
            Encoding.UTF8.GetByteCount(request.Secret) is >= 1 and <= MaximumSecretBytes,
            "secret",
            $"must have 1 to {MaximumSecretBytes} bytes"
        );
        var draft = new SiteCredentialDraft(
            Fields.Id(request.SiteId, "site_id", violations),
            Fields.Text(request.Name, "name", 1, 100, violations),
            Fields.Text(request.UserName, "user_name", 0, 254, violations),
            request.Secret,
            loginUrl ?? ""
        );
        violations.ThrowIfAny();
        return draft;
    }

    public static RevealDraft Read(V1.RevealSiteCredentialRequest request, Caller caller)
    {
        var violations = new Violations();
        var byAgent = caller.AgentId is not null;
        var wanted = byAgent
            ? V1.RevealSiteCredentialRequest.GroundOneofCase.ScanId
            : V1.RevealSiteCredentialRequest.GroundOneofCase.Reason;
        var given = violations.Check(
            request.GroundCase == wanted,
            byAgent ? "scan_id" : "reason",
            byAgent ? "must name the scan, for an agent" : "must be given, for staff"
        );
        var draft = new RevealDraft(
            Fields.Id(request.SiteId, "site_id", violations),
            Fields.Id(request.CredentialId, "credential_id", violations),
            given && !byAgent ? Fields.Text(request.Reason, "reason", 10, 500, violations) : null,
            given && byAgent ? Fields.Id(request.ScanId, "scan_id", violations) : null
        );
        violations.ThrowIfAny();
        return draft;
    }

    public static V1.SiteCredential Write(SiteCredential credential)
    {
        var written = new V1.SiteCredential
        {
            CredentialId = credential.CredentialId.ToString("D"),
            Name = credential.Name,
            LoginUrl = credential.LoginUrl,
            CreateTime = Fields.Write(credential.CreateTime),
            UpdateTime = Fields.Write(credential.UpdateTime),
        };
        if (credential.RevealTime is { } revealed)
        {
            written.RevealTime = Fields.Write(revealed);
        }

        return written;
    }
}
