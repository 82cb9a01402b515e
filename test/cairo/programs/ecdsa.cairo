%builtins output ecdsa
from starkware.cairo.common.cairo_builtins import SignatureBuiltin
from starkware.cairo.common.signature import verify_ecdsa_signature

// Key 0x3c1e9550e66958296d11b60f8e8e7a7ad990d07fa65d5f7652c4a6c87d4e3cc, message 2 (starkware.crypto.signature).
func main{output_ptr: felt*, ecdsa_ptr: SignatureBuiltin*}() {
    verify_ecdsa_signature(
        message=2,
        public_key=0x77a3b314db07c45076d11f62b6f9e748a39790441823307743cf00d6597ea43,
        signature_r=0x3f8852c3010ca93d70ff7590903d4d140f04b17b41d7f7f360ddbe7118ff8ac,
        signature_s=0x26c7f26e90d79d8a3464f8667cf04059d08f56e978db60f50c830b48fc1d39a,
    );
    assert output_ptr[0] = 1;
    let output_ptr = output_ptr + 1;
    return ();
}
