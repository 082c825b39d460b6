using Google.Protobuf;

namespace Kalisecu.Access;

/// <summary>A request that is no message itself, because it is kept as bytes, and may carry one that names what it is about.</summary>
internal interface ICarriesMessage
{
    IMessage? Message { get; }
}
