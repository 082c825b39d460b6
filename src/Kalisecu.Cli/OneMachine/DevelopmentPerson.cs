using System.Text.Json;
using Kalisecu.Certificates;
using NodaTime;
using OtpNet;

namespace Kalisecu.Cli.OneMachine;

/// <summary>
/// The administrator that the first run makes, with what it signs in with. Kept beside the platform it opens, and so for
/// development only.
/// </summary>
internal sealed record DevelopmentPerson(string Email, string Password, string? TotpSecret, long LastStep)
{
    // RFC 6238, section 4.1.
    private static readonly Duration Step = Duration.FromSeconds(30);

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string PathOf(DataFolder data) => Path.Combine(data.Secrets, "development-sign-in.json");

    public static DevelopmentPerson? Read(DataFolder data) =>
        File.Exists(PathOf(data))
            ? JsonSerializer.Deserialize<DevelopmentPerson>(File.ReadAllText(PathOf(data)), Indented)
            : null;

    public static DevelopmentPerson New() =>
        new("admin@kalisecu.local", Passwords.Make(), TotpSecret: null, LastStep: 0);

    public void Save(DataFolder data) =>
        PemFiles.WriteSecret(PathOf(data), JsonSerializer.Serialize(this, Indented) + "\n");

    /// <summary>
    /// The next code that was not used: one step before now at the earliest and one after it at the latest, which servers
    /// accept, so that several codes are there without waiting.
    /// </summary>
    public async Task<(string Code, DevelopmentPerson After)> NextCodeAsync(
        IClock clock,
        CancellationToken cancellationToken
    )
    {
        var now = StepOf(clock.GetCurrentInstant());
        var step = Math.Max(LastStep + 1, now - 1);
        while (step > StepOf(clock.GetCurrentInstant()) + 1)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }

        var moment = Instant.FromUnixTimeSeconds(step * (long)Step.TotalSeconds);
        var code = new Totp(Base32Encoding.ToBytes(TotpSecret)).ComputeTotp(moment.ToDateTimeUtc());
        return (code, this with { LastStep = step });
    }

    private static long StepOf(Instant moment) => moment.ToUnixTimeSeconds() / (long)Step.TotalSeconds;
}
