namespace Kalisecu.Letters;

/// <summary>To whom everyone may complain (clause RIGHT-8).</summary>
internal static class SupervisoryAuthority
{
    public const string Name = "CNIL";
    public const string Address = "3 place de Fontenoy, 75007 Paris";
    public const string Website = "www.cnil.fr";
}
