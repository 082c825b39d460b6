using Kalisecu.Accounts;

namespace Kalisecu.Tests.Accounts;

public sealed class PasswordTests : IDisposable
{
    private readonly PasswordHasher _hasher = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hash_verifies_its_password_and_no_other()
    {
        var stored = await _hasher.HashAsync("correct-horse-battery", Cancel);

        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", stored, StringComparison.Ordinal);
        Assert.True(await _hasher.VerifyAsync(stored, "correct-horse-battery", Cancel));
        Assert.False(await _hasher.VerifyAsync(stored, "correct-horse-batterz", Cancel));
        Assert.False(await _hasher.VerifyAsync(stored: null, "correct-horse-battery", Cancel));
        Assert.False(PasswordHasher.IsOutdated(stored));
    }

    [Fact]
    public void A_hash_of_other_parameters_is_outdated() =>
        Assert.True(
            PasswordHasher.IsOutdated(PasswordHasher.Encode(new Argon2Cost(8192, 1, 1), new byte[16], new byte[32]))
        );

    // Made with the reference implementation: echo -n password | argon2 somesalt -id -v 13 -t 2 -k 65536 -p 1.
    [Fact]
    public async Task A_hash_of_the_reference_implementation_verifies() =>
        Assert.True(
            await _hasher.VerifyAsync(
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "password",
                Cancel
            )
        );

    [Theory]
    [InlineData("elevenchars", "TooShort")]
    [InlineData("aaaaaaaaaaaaaaaa", "TooCommon")]
    [InlineData("123456789012", "TooCommon")]
    [InlineData("Password2026!", "TooCommon")]
    [InlineData("motdepassemotdepasse1", "TooCommon")]
    [InlineData("azertyuiop12", "TooCommon")]
    [InlineData("claire.martin@example.fr", "TooClose")]
    [InlineData("Claire-Martin-12", "TooClose")]
    public void What_an_attacker_tries_first_is_no_password(string password, string fault) =>
        Assert.Equal(fault, PasswordRule.Fault(password, "claire.martin@example.fr", "Claire Martin")?.ToString());

    [Theory]
    [InlineData("correct-horse-battery")]
    [InlineData("twelve chars")]
    [InlineData("un été à la mer")]
    [InlineData("martin-pêcheur du canal")]
    public void Any_other_twelve_characters_are(string password) =>
        Assert.Null(PasswordRule.Fault(password, "claire.martin@example.fr", "Claire Martin"));

    [Fact]
    public void A_password_has_at_most_128_characters() =>
        Assert.Equal(
            PasswordFault.TooLong,
            PasswordRule.Fault(string.Concat(Enumerable.Repeat("abcxyz0!", 17)), "c@example.fr", "Claire")
        );

    public void Dispose() => _hasher.Dispose();
}
