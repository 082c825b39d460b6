using System.Security.Cryptography;
using Kalisecu.Errors;
using Kalisecu.Errors.V1;
using Kalisecu.Keys;
using Kalisecu.Tenancy;
using Kalisecu.TestKit;

namespace Kalisecu.Tests.Keys;

public sealed class KeyRingTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public KeyRingTests() => KeyFolder.CreateKeyEncryptionKey(_folder["kek.key"]);

    [Fact]
    public void A_sealed_value_opens_only_where_it_was_sealed()
    {
        using var key = new DataKey(RandomNumberGenerator.GetBytes(DataKey.KeySize));
        var (one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var value = key.EncryptText("claire@client.example", "email", one);

        Assert.Equal("claire@client.example", key.DecryptText(value, "email", one));
        Assert.ThrowsAny<CryptographicException>(() => key.DecryptText(value, "email", other));
        Assert.ThrowsAny<CryptographicException>(() => key.DecryptText(value, "first_name", one));
    }

    [Fact]
    public async Task Two_creators_of_one_key_get_the_same_key()
    {
        using var one = Open();
        using var other = Open();

        var made = await Task.WhenAll(
            Task.Run(() => one.ReadOrCreate("tenant")),
            Task.Run(() => other.ReadOrCreate("tenant"))
        );

        Assert.Equal(made[0], made[1]);
    }

    [Fact]
    public void A_destroyed_key_is_never_made_anew()
    {
        using var folder = Open();
        using var ring = new KeyRing(folder);
        var tenant = Guid.CreateVersion7();
        ring.For(tenant);

        ring.Destroy(tenant);

        Assert.Equal(ErrorReason.KeyDestroyed, Assert.Throws<Refusal>(() => ring.For(tenant)).Reason);
        using var again = Open();
        using var restarted = new KeyRing(again);
        Assert.Equal(ErrorReason.KeyDestroyed, Assert.Throws<Refusal>(() => restarted.For(tenant)).Reason);
    }

    [Fact]
    public void Whatever_belongs_to_no_tenant_has_one_key()
    {
        using var folder = Open();
        using var ring = new KeyRing(folder);

        ring.For(TenantScope.Platform);

        Assert.Equal(["platform.key"], Directory.EnumerateFiles(_folder["keys"]).Select(Path.GetFileName));
    }

    [Fact]
    public void The_platforms_key_is_not_destroyed_and_nobody_has_none()
    {
        using var folder = Open();
        using var ring = new KeyRing(folder);

        Assert.Throws<ArgumentException>(() => ring.Destroy(TenantScope.Platform));
        Assert.Throws<ArgumentException>(() => ring.Destroy(Guid.Empty));
        Assert.Throws<ArgumentException>(() => ring.For(Guid.Empty));
    }

    public void Dispose() => _folder.Dispose();

    private KeyFolder Open() => new(_folder["keys"], _folder["kek.key"]);
}
